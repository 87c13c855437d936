# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# SNMP agents of devices: net-snmp's snmpd, each at loopback addresses of its own.

SNMPD=$(command -v snmpd || ls /usr/sbin/snmpd 2>/dev/null)

# agent DIR PORT ADDRESSES [LINE...]: an agent at these addresses of 127/8 (with
# commas) that has these lines of snmpd.conf(5); its process is in DIR/child.
agent() {
	local d=$1 port=$2 at=$3 line
	shift 3
	mkdir -p "$d/kept"
	{
		echo "agentAddress udp:${at//,/:$port,udp:}:$port"
		for line; do printf '%s\n' "$line"; done
	} >"$d/conf"
	SNMP_PERSISTENT_DIR=$d/kept MIBS='' "$SNMPD" -f -Lf "$d/log" -C \
		-c "$d/conf" -p "$d/pid" \
		-I override,system_mib,vacm_conf,usmConf,usmUser,snmpv3mibs,snmpEngine \
		>/dev/null 2>&1 &
	echo $! >"$d/child"
	for line in 1 2 3 4 5 6 7 8 9 10; do
		grep -q 'NET-SNMP version' "$d/log" 2>/dev/null && return 0
		sleep 0.2
	done
	return 1
}

agent_down() { kill "$(cat "$1/child")" && wait "$(cat "$1/child")" 2>/dev/null; }

# The lines of a printer: SERIAL MAC (hex) NAME
printer_lines() {
	cat <<X
sysDescr EPSON Built-in Print Server
sysObjectID .1.3.6.1.4.1.1248.1.1.2.2
sysName $3
sysLocation Hall
override .1.3.6.1.2.1.2.2.1.3.1 integer 6
override .1.3.6.1.2.1.2.2.1.6.1 octet_str 0x$2
override .1.3.6.1.2.1.2.2.1.8.1 integer 1
override .1.3.6.1.2.1.25.3.2.1.2.1 object_id .1.3.6.1.2.1.25.3.1.5
override .1.3.6.1.2.1.25.3.2.1.3.1 octet_str "EPSON WF-C5790 Series"
override .1.3.6.1.2.1.25.3.2.1.5.1 integer 2
override .1.3.6.1.2.1.25.3.5.1.1.1 integer 3
override .1.3.6.1.2.1.43.5.1.1.17.1 octet_str "$1"
override .1.3.6.1.2.1.43.14.1.1.2.1.1 integer 8
override .1.3.6.1.2.1.43.14.1.1.9.1.1 octet_str "Queue=PASSTHRU"
X
}
