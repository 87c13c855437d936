# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# A certificate authority of the rig's own, and certificates good and bad for
# servers on localhost: DIR/tls/KIND.crt with KIND.key, ca.crt, crl.pem.

CA_KINDS="right wrong-host expired future self-signed revoked"

ca_conf() {
	cat <<X
[ca]
default_ca = rig
[rig]
dir = $1
database = $1/index
new_certs_dir = $1/issued
certificate = $1/ca.crt
private_key = $1/ca.key
serial = $1/serial
crlnumber = $1/crlnumber
default_md = sha256
default_days = 10
default_crl_days = 10
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
[req]
distinguished_name = none
[none]
X
}

ca_request() {
	local t=$1 kind=$2 names=$3

	openssl req -new -config "$t/conf" -newkey ec \
		-pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$t/$kind.key" \
		-subj "/CN=$kind" -addext "subjectAltName=$names" \
		-addext extendedKeyUsage=serverAuth "${@:4}"
}

ca_sign() {
	local t=$1 kind=$2

	openssl ca -batch -notext -config "$t/conf" -in "$t/$kind.csr" \
		-out "$t/$kind.crt" "${@:3}"
}

# ca_root TLS-FOLDER NAME: NAME.crt signs itself
ca_root() {
	openssl req -x509 -config "$1/conf" -newkey ec \
		-pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1/$2.key" \
		-out "$1/$2.crt" -days 20 -subj "/CN=rig $2" \
		-addext basicConstraints=critical,CA:true \
		-addext keyUsage=critical,keyCertSign,cRLSign
}

# libldap takes localhost for the name this machine has.
ca_names() {
	local name names=DNS:localhost,IP:127.0.0.1

	for name in $(printf '%s\n' "$(hostname)" "$(hostname -f 2>/dev/null)" |
	    sort -u); do
		names+=,DNS:$name
	done
	printf '%s\n' "$names"
}

ca_kind() {
	local t=$1 kind=$2 names=$3 when=()

	case $kind in
	self-signed)
		ca_request "$t" "$kind" "$names" -x509 -days 10 -out "$t/$kind.crt"
		return ;;
	wrong-host)	names="DNS:elsewhere.example" ;;
	expired)	when=(-startdate 20200101000000Z -enddate 20200201000000Z) ;;
	future)		when=(-startdate 20480101000000Z -enddate 20480201000000Z) ;;
	esac
	ca_request "$t" "$kind" "$names" -out "$t/$kind.csr" &&
		ca_sign "$t" "$kind" "${when[@]}" || return 1
	[ "$kind" != revoked ] ||
		openssl ca -config "$t/conf" -revoke "$t/$kind.crt"
}

ca_make() {
	local t=$1 kind names

	names=$(ca_names)
	mkdir -p "$t/issued"
	ca_conf "$t" >"$t/conf"
	: >"$t/index"
	echo 1000 >"$t/serial"
	echo 1000 >"$t/crlnumber"
	# other-ca signed nothing: who trusts it alone must refuse us.
	ca_root "$t" ca && ca_root "$t" other-ca || return 1
	for kind in $CA_KINDS; do
		ca_kind "$t" "$kind" "$names" || return 1
	done
	# As OpenSSL wants authorities and lists; GnuTLS reads the files.
	mkdir "$t/hashed"
	openssl ca -config "$t/conf" -gencrl -out "$t/hashed/crl.pem" &&
		cp "$t/ca.crt" "$t/hashed/" && openssl rehash "$t/hashed" &&
		cp "$t/hashed/crl.pem" "$t/crl.pem"
}

# ca_up DIR: once for all servers of DIR
ca_up() {
	local t=$1/tls

	[ ! -f "$t/crl.pem" ] || return 0
	ca_make "$t" >>"$1/log/ca" 2>&1 ||
		die "no certificates: $(tail -3 "$1/log/ca")"
	chmod 644 "$t"/*.key	# keys of a test: whoever runs the tests reads them
}
