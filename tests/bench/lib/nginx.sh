# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# The peer of the panel: nginx with releaserd's own certificate, TLS 1.3 and
# keep-alive, a worker for each core, no log.

nginx_conf() {
	local d=$1 port=$2 cert=$3 key=$4

	cat <<X
daemon off;
worker_processes auto;
pid $d/nginx.pid;
error_log $d/error.log warn;
events { worker_connections 2048; }
http {
	access_log off;
	default_type application/json;
	sendfile on;
	tcp_nodelay on;
	keepalive_requests 1000000000;
	keepalive_timeout 120s;
	client_body_temp_path $d/tmp;
	proxy_temp_path $d/tmp;
	fastcgi_temp_path $d/tmp;
	uwsgi_temp_path $d/tmp;
	scgi_temp_path $d/tmp;
	server {
		listen 127.0.0.1:$port ssl;
		ssl_certificate $cert;
		ssl_certificate_key $key;
		ssl_protocols TLSv1.3;
		root $d/www;
	}
}
X
}

# nginx_up DIR PORT CERT KEY: start it in the rig's folder DIR.
nginx_up() {
	local d=$1/nginx

	mkdir -p "$d/www" "$d/tmp"
	chmod 755 "$d" "$d/www"
	nginx_conf "$d" "$2" "$3" "$4" >"$d/nginx.conf"
	start "$1" nginx nginx -p "$d" -c "$d/nginx.conf"
	wait_for 5 port_listens "$2" || {
		tail -3 "$1/log/nginx" >&2
		die "nginx did not start"
	}
}

# nginx_file DIR NAME BYTES
nginx_file() {
	head -c "$3" /dev/zero | tr '\0' x >"$1/nginx/www/$2"
	chmod 644 "$1/nginx/www/$2"
}
