#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
"""The same people and groups in the database of a Samba domain controller.

ad.py SMB.CONF DOMAIN LIST-FILE

Who has a name that Active Directory does not take is left out. It runs with
the python3 of the system, which has Samba's modules.
"""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True

import ldb                                              # noqa: E402
from samba.auth import system_session                   # noqa: E402
from samba.param import LoadParm                        # noqa: E402
from samba.samdb import SamDB                           # noqa: E402
from people import GROUPS, PEOPLE, Directory, Person, escape   # noqa: E402

NORMAL, DISABLED, NO_END = 0x200, 0x2, 0x10000
LONG_AGO = "132223104000000000"     # 2020, in 100 ns since 1601
NEVER = "-9223372036854775808"


class Domain(Directory):
    def __init__(self, db, domain):
        super().__init__(domain, None)
        self.db, self.dns = db, {}

    def change(self, dn, **values):
        message = ldb.Message(ldb.Dn(self.db, dn))
        for name, value in values.items():
            flag = ldb.FLAG_MOD_REPLACE
            if isinstance(value, list):
                flag = ldb.FLAG_MOD_ADD
            message[name] = ldb.MessageElement(value, flag, name)
        self.db.modify(message)

    def rules(self):
        """No password ends by itself: this database is kept."""
        self.change(self.base, maxPwdAge=NEVER, minPwdAge="0",
                    minPwdLength="4", pwdProperties="0", pwdHistoryLength="0",
                    lockoutThreshold="5")
        computer = f"CN=DC,OU=Domain Controllers,{self.base}"
        self.change(computer, servicePrincipalName=["ldap/localhost"])
        for name in ("people", "groups", "services"):
            self.db.add({"dn": f"OU={name},{self.base}",
                         "objectClass": "organizationalUnit"})

    def user(self, person, number, ou="people"):
        more, control = {}, NORMAL | NO_END
        if person.uid == "locked":
            control |= DISABLED
        elif person.uid == "expired":
            more["accountExpires"] = LONG_AGO
        elif person.uid == "mustchange":
            control, more["pwdLastSet"] = NORMAL, "0"
        if person.department:
            more["department"] = person.department
        mail = person.more.get("mail", person.word)
        if mail:
            more["mail"] = f"{mail}@{self.domain}"
        name = f"{person.given} {person.sn}"
        dn = f"CN={escape(name)},OU={ou},{self.base}"
        password = f'"{self.password(person)}"'.encode("utf-16-le")
        self.db.add({"dn": dn, "objectClass": "user",
                     "sAMAccountName": person.uid, "unicodePwd": password,
                     "userPrincipalName": f"{person.uid}@{self.domain}",
                     "userAccountControl": str(control),
                     "givenName": person.given, "sn": person.sn,
                     "displayName": f"{person.sn}, {person.given}",
                     "employeeNumber": f"04D1{number:06X}",
                     "homeDirectory": f"\\\\localhost\\home\\{person.word}",
                     **more})
        self.dns[person.uid] = dn

    def users(self):
        for number, person in enumerate(PEOPLE, 1):
            if person.uid in self.dns or person.password == "" or not \
                    re.fullmatch(r'[^ #"/\\\[\]:;|=,+*?<>@]{1,20}', person.uid):
                continue
            self.user(person, number)
        self.user(Person("release", "Release", "Dienst"), 0, "services")

    def all_groups(self):
        for number, (name, _) in enumerate(GROUPS):
            dn = f"CN={escape(name)},OU=groups,{self.base}"
            account = name if re.fullmatch(r"[\w]+", name) else f"group{number}"
            self.db.add({"dn": dn, "objectClass": "group",
                         "sAMAccountName": f"g-{account}"})
            self.dns["cn=" + name] = dn
        for name, members in GROUPS:
            found = [self.dns[m] for m in members
                     if m in self.dns and m != "cn=" + name]
            if found:
                self.change(self.dns["cn=" + name], member=found)

    def list_to(self, path):
        people = {p.uid: p for p in PEOPLE[::-1] + [Person("release", "", "")]}
        with open(path, "w", encoding="utf-8") as file:
            for uid, dn in self.dns.items():
                if uid in people:
                    password = self.password(people[uid])
                    file.write(f"{uid}\t{password}\t{dn}\n")


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    settings = LoadParm(filename_for_non_global_lp=sys.argv[1])
    db = SamDB(session_info=system_session(), lp=settings,
               url=os.path.join(settings.get("private dir"), "sam.ldb"))
    domain = Domain(db, sys.argv[2])
    db.transaction_start()
    domain.rules()
    domain.users()
    domain.all_groups()
    db.transaction_commit()
    domain.list_to(sys.argv[3])


main()
