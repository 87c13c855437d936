#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# What administrators do at the page of a directory's syncs, and people at the
# address book (tests/web/tasks/directory-sync.mjs).
# long: 120
. "$(dirname "$0")/lib/scenario.sh"
. "$S_SRC/tests/rig/lib/directory.sh"
. "$S_LIB/web.sh"
web_ready
server slapd l --many 60 || skip_all "$SERVER_WHY"
rig r --conf 'AgentProcesses 2'
api POST /users '{"name":"bert","display":"Bert Beispiel"}'
printf '%s\n' "Servers localhost:$RIG_LDAP_PORT" 'Tls none' "BindName $RIG_LDAP_BIND_DN" \
	"UserBase $RIG_LDAP_BASE" 'GroupScheme member-of' "GroupBase $RIG_LDAP_GROUPS" \
	'Domain example.com' 'SyncPage 50' 'AddressBook yes' >"$W/conf"
ok "a directory" "$RIG_CTL" directory add school "$W/conf" --password-file "$RIG_LDAP_BIND_PW"
web_run tasks directory-sync
