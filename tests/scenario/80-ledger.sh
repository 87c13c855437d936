#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
# Accounts, quotas and groups with releasectl: who may do what, that a grant
# counts once whatever dies, and that a damaged ledger is told.
# long: 40
. "$(dirname "$0")/lib/scenario.sh"
S_MAY_DIE=1
rig r
has() { ctl --json account show "$1" --kind "${2:-user}" | jq -r ".units[] | select(.unit == \"${3:-money}\") | .balance"; }

like "$(ctl ledger check)" "All entries sum to zero" "an empty ledger is right"
is "$(has anna)" 0.00 "anna has nothing"
like "$(ctl account grant anna 10 --text 'from the office')" 'anna +user +money +10\.00' "she gets ten"
like "$(ctl account grant anna -2.50)" 'anna +user +money +7\.50' "and gives some back"
ctl account grant anna 24 --unit colour >/dev/null
is "$(has anna user colour)" 24 "sides in colour apart"
out=$(ctl account statement anna)
like "$out" 'grant +-2\.50' "a statement tells both"
like "$out" 'from the office' "and why"
for amount in 0 1,5 1e9 x 1.2345678 99999999999999999999; do
	out=$(ctl account grant anna -- "$amount")
	is "$?" 1 "$amount is no amount: $(tail -1 <<<"$out")"
done
is "$(has anna)" 7.50 "nothing changed by those"

# ---- shared accounts
like "$(ctl account add Chess)" 'Chess +shared' "a shared account"
nok "not twice, in capitals or not" "$RIG_CTL" account add CHESS
like "$(ctl account add P-100 --kind code)" 'P-100 +code' "a billing code"
is "$(ctl --json account list --search -10 | jq -r '[.accounts[].name] | join(",")')" P-100 "found by a part of its name"
like "$(ctl account close p-100 --kind code)" 'yes' "which is closed"
like "$(ctl account grant nowhere 1 --kind shared)" 'no shared account "nowhere"' "one that is not there is said"
like "$(ctl account grant chess 5 --kind shared)" 'Chess +shared +money +5\.00' "money for the chess club"

# ---- quotas and groups
ctl quota set everybody 20 --period month --at 06:30 >/dev/null
is "$(has berta)" 20.00 "everybody has twenty"
like "$(ctl group add Pupils)" Pupils "a group"
ctl group add School >/dev/null
ctl group join school pupils --nested >/dev/null
ctl group join pupils berta >/dev/null
like "$(ctl group join pupils school --nested)" 'would be in itself' "no group is in itself"
ctl quota set group:school 70 >/dev/null
is "$(has berta)" 70.00 "the groups around a group give as well"
ctl quota set user:berta 5 --carry --last exceed >/dev/null
is "$(has berta)" 5.00 "the own quota wins"
like "$(ctl quota list)" 'user +berta +money +5\.00 +month +00:00 +yes +exceed' "the list says all of it"
like "$(ctl quota set user:berta 1000000)" '0 to 999999' "too much is refused"
out=$(ctl quota set king:berta 5)
is "$?" 1 "as are owners nobody knows"
ctl quota delete user:berta >/dev/null
is "$(has berta)" 70.00 "taken away again"
like "$(ctl group show school)" 'pupils +group' "members are listed"
like "$(ctl ledger check)" "All entries sum to zero" "the ledger is right"

# ---- who may do what
code_as() { api_as "$@"; echo "$STATUS"; }
ctl role set "$(id -nu 2)" helpdesk >/dev/null
ctl role set "$(id -nu 3)" operator >/dev/null
is "$(code_as 1 GET '/accounts?q=a') $(code_as 2 GET '/accounts?q=a')" "403 200" "people look for no others, the help desk does"
is "$(code_as 1 GET /accounts) $(code_as 1 GET /accounts/anna) $(code_as 1 GET "/accounts/$(id -nu 1)") $(code_as 1 GET /quotas) $(code_as 1 GET /groups)" \
	"403 403 200 403 403" "people see their own account only"
is "$(code_as 2 GET /accounts) $(code_as 2 GET /accounts/anna/statement) $(code_as 2 GET /quotas) $(code_as 2 GET /groups)" \
	"200 200 200 200" "the help desk looks"
is "$(code_as 2 POST /accounts/anna/grant '{"amount":"1"}') $(code_as 2 POST /quotas '{"owner":"everybody","amount":"1"}') $(code_as 2 POST /groups '{"name":"x"}') $(code_as 2 DELETE /groups/pupils) $(code_as 2 GET /ledger/check)" \
	"403 403 403 403 403" "and changes nothing"
is "$(code_as 3 POST /accounts/anna/grant '{"amount":"0.50"}') $(code_as 3 GET /ledger/check)" "200 200" "an operator does"
is "$(has anna)" 20.50 "the refill that was due came first, then the half"
like "$(ctl audit --what granted)" "$(id -nu 3) +granted +user anna 0.50 money" "and the audit log says so"

# ---- whatever dies: once, or not at all
answers() { ctl status >/dev/null; }
before=$(has berta)
fault "core:before-commit kill"
ctl account grant berta 1 >/dev/null
within 10 "core was killed before the commit" fault_hit
within 20 "and is back" answers
is "$(has berta)" "$before" "nothing was granted"
fault "core:after-commit kill"
ctl account grant berta 1 >/dev/null
within 10 "core was killed after it" fault_hit
within 20 "and is back again" answers
is "$(has berta)" 71.00 "it was granted once"
like "$(ctl ledger check)" "All entries sum to zero" "the ledger is right after it"

# ---- a damaged one is told
"$RIG" stop "$R"
python3 - "$RIG_DB" <<'EOP'
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as db:
    db.execute("UPDATE account SET balance=balance+1 WHERE key='chess'")
EOP
"$RIG" start "$R"
out=$(ctl ledger check)
is "$?" 1 "a balance somebody wrote into the database: exit status 1"
like "$out" 'the balance of shared "chess" \(money, account [0-9]+\) is 5\.000001, its entries sum to 5\.00' "in plain words"
"$RIG" stop "$R"
python3 - "$RIG_DB" <<'EOP'
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as db:
    db.execute("UPDATE account SET balance=balance-1 WHERE key='chess'")
EOP
"$RIG" start "$R"
