#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the cups-release authors
"""The people and groups of the rig's directory servers, as LDIF.

people.py people|groups|many:N|list DOMAIN

people   what slapadd loads first: suffix, folders, policies, people
groups   what is added to the running server, so that memberOf follows
many:N   N more people below ou=many, a group for each hundred of them
list     one line a person: uid, password, distinguished name (tabs between)

The password of NAME is WORD-NAME-4711; WORD is dir for example.com, else the
first label of the domain: who has the same name in two domains has two passwords.
"""
import base64
import re
import sys



class Person:
    def __init__(self, uid, given, sn, department="", **more):
        self.uid, self.given, self.sn = uid, given, sn
        self.department = department
        self.word = more.pop("word", uid)   # what the password is made of
        self.password = more.pop("password", None)
        self.ou = more.pop("ou", "people")
        self.more = more


# Names that have gone wrong somewhere: each has an entry.
PEOPLE = [
    Person("anna", "Anna", "Müller", "Buchhaltung"),
    Person("otto", "Otto", "Ölschläger", "Lager"),
    Person("bert", "Bert", "Groß", "Lager"),
    Person("carla", "Carla", "Ruíz", "IT"),
    Person("jürgen", "Jürgen", "Weiß", "IT", word="juergen"),
    Person("straße", "Sven", "Straße", word="strasse1"),
    Person("strasse", "Sven", "Strasse", word="strasse2"),
    Person("Anna-Lisa", "Anna-Lisa", "McDonald", word="annalisa"),
    Person("o'neil", "Shane", "O'Neil", word="oneil"),
    Person("komma,paul", "Paul", "Komma, Dr.", word="komma"),
    Person("klammer(1)", "Klara", "Klammer (1)", word="klammer"),
    Person("back\\slash", "Bea", "Back\\Slash", word="backslash"),
    Person("stern*", "Stella", "Stern*", word="stern"),
    Person("sternchen", "Stefan", "Sternchen"),
    Person(" blank", "Bianca", "Blank", word="blank"),
    Person("İpek", "İpek", "Işık", word="ipek"),
    Person("ısıl", "Isıl", "Ilgın", word="isil"),
    Person("rené", "René", "Décomposé", word="rene"),
    Person("plus+equal=", "Petra", "Plus", word="plus"),
    Person("#hash;semi<>\"", "Hanna", "Hash", word="hash"),
    Person("user@example", "Ute", "At", word="at"),
    Person("l" * 200, "Lara", "Lang" * 60, word="long"),
    Person("twin1", "Tina", "Zwilling", mail="twin", card="04D2000001"),
    Person("twin2", "Toni", "Zwilling", mail="twin", card="04D2000001"),
    Person("double", "Dora", "Doppelt", word="double1"),
    Person("double", "Dirk", "Doppelt", word="double2", ou="other,ou=people"),
    Person("quote", "Quirin", "Quote", password='Grün-4711 "x" \\ ende'),
    Person("spaces", "Sara", "Leer", password="  leer-4711  "),
    Person("longpass", "Lore", "Lang", password="Lang-4711-" * 25),
    Person("nopass", "Norbert", "Ohne", password=""),
    Person("nomail", "Nora", "Ohne", mail=None, card=None),
    Person("locked", "Lothar", "Gesperrt", pwdAccountLockedTime="000001010000Z"),
    Person("mustchange", "Maria", "Neu", pwdReset="TRUE"),
    Person("expired", "Erna", "Alt", pwdChangedTime="20200101000000Z",
           pwdPolicySubentry="cn=expiring,ou=policies,@BASE@"),
    Person("locksoon", "Ludwig", "Bald",
           pwdPolicySubentry="cn=strict,ou=policies,@BASE@"),
] + [Person(f"staff{n:02}", f"Stefanie {n:02}", "Beispiel", f"Abteilung {n % 7}")
     for n in range(1, 41)]

# name, members: people as uid, groups as cn=...
GROUPS = [
    ("accounting", ["anna", "staff01", "staff02"]),
    ("warehouse", ["otto", "bert"]),
    ("company", ["cn=accounting", "cn=warehouse", "cn=it", "carla"]),
    ("it", ["jürgen", "cn=admins"]),
    ("admins", ["carla"]),
    ("deep1", ["anna"]), ("deep2", ["cn=deep1"]), ("deep3", ["cn=deep2"]),
    ("deep4", ["cn=deep3"]), ("deep5", ["cn=deep4"]),
    ("circle1", ["cn=circle2", "otto"]), ("circle2", ["cn=circle1", "bert"]),
    ("self", ["cn=self", "anna"]),
    ("Komma, Klammer (x) * \\", ["komma,paul", "klammer(1)", "back\\slash",
                                 "stern*", " blank"]),
    ("Größe", ["jürgen", "İpek", "ısıl", "#hash;semi<>\"", "plus+equal="]),
    ("nobody", []),
] + [(f"many{n:02}", ["staff03"]) for n in range(1, 61)]

# name, number, members by uid; staff is the first group of all by its number
POSIX = [
    ("staff", 100, []),
    ("printers", 4711, ["anna", "otto"]),
    ("colour", 4712, ["anna", "Anna-Lisa", "stern*", "back\\slash"]),
]


def escape(text):
    """A value in a distinguished name, RFC 4514."""
    text = re.sub(r'([,+"\\<>;=])', r"\\\1", text)
    text = re.sub(r"^([ #])", r"\\\1", text)
    return re.sub(r" $", r"\\ ", text)


def plain(text):
    return re.fullmatch(r"[!-9;=-~][ -~]*", text) and not text.endswith(" ")


class Directory:
    def __init__(self, domain, out):
        self.domain, self.out = domain, out
        self.base = ",".join("dc=" + part for part in domain.split("."))
        first = domain.split(".")[0]
        self.word = "dir" if domain == "example.com" else first

    def password(self, person):
        if person.password is not None:
            return person.password
        return f"{self.word}-{person.word}-4711"

    def dn(self, person):
        return f"uid={escape(person.uid)},ou={person.ou},{self.base}"

    def entry(self, dn, *lines):
        self.line("dn", dn)
        for name, value in lines:
            if value not in (None, ""):
                self.line(name, value.replace("@BASE@", self.base))
        self.out.write("\n")

    def line(self, name, value):
        if plain(value):
            self.out.write(f"{name}: {value}\n")
        else:
            code = base64.b64encode(value.encode()).decode()
            self.out.write(f"{name}:: {code}\n")

    # ---- what is there before the people
    def folders(self):
        self.entry(self.base, ("objectClass", "domain"),
                   ("dc", self.base.split(",")[0][3:]))
        for name in ("people", "other,ou=people", "groups", "services",
                     "policies", "many", "elsewhere"):
            self.folder(name)
        self.entry(f"cn=release,ou=services,{self.base}",
                   ("objectClass", "applicationProcess"),
                   ("objectClass", "simpleSecurityObject"),
                   ("cn", "release"),
                   ("userPassword", f"{self.word}-release-4711"))
        self.policy("default", 0, 0)
        self.policy("strict", 3, 0)
        self.policy("expiring", 0, 86400)

    def folder(self, name):
        kind, ref = "organizationalUnit", None
        if name == "elsewhere":     # nobody is there: nothing may go there
            kind = "referral"
            ref = f"ldap://localhost:9/ou=elsewhere,{self.base}"
        self.entry(f"ou={name},{self.base}", ("objectClass", kind),
                   ("objectClass", "extensibleObject" if ref else None),
                   ("ou", name.split(",")[0]), ("ref", ref))

    def policy(self, name, failures, age):
        self.entry(f"cn={name},ou=policies,{self.base}",
                   ("objectClass", "device"), ("objectClass", "pwdPolicy"),
                   ("cn", name), ("pwdAttribute", "userPassword"),
                   ("pwdMustChange", "TRUE"), ("pwdLockout", "TRUE"),
                   ("pwdMaxFailure", str(failures)), ("pwdMaxAge", str(age)))

    # ---- people
    def person(self, person, number):
        more = dict(person.more)
        mail = more.pop("mail", person.word)
        card = more.pop("card", f"04D1{number:06X}")
        pairs = [("objectClass", "inetOrgPerson"),
                 ("objectClass", "posixAccount"), ("uid", person.uid),
                 ("cn", f"{person.given} {person.sn}"), ("sn", person.sn),
                 ("givenName", person.given),
                 ("displayName", f"{person.sn}, {person.given}"),
                 ("mail", mail and f"{mail}@{self.domain}"),
                 ("departmentNumber", person.department),
                 ("employeeNumber", card), ("uidNumber", str(70000 + number)),
                 ("gidNumber", "100"),
                 ("homeDirectory", f"/home/{person.word}"),
                 ("userPassword", self.password(person))]
        pairs += more.items()
        self.entry(self.dn(person), *pairs)

    def people(self):
        self.folders()
        for number, person in enumerate(PEOPLE, 1):
            self.person(person, number)

    def list(self):
        for person in PEOPLE:
            self.out.write("\t".join((person.uid, self.password(person),
                                      self.dn(person))) + "\n")

    def many(self, count):
        for number in range(count):
            uid = f"user{number:06}"
            group = f"cn=hundred{number // 100:04},ou=groups,{self.base}"
            self.person(Person(uid, f"Vorname {number}", "Nachname",
                               f"Abteilung {number % 97}", ou="many",
                               memberOf=group), 100000 + number)
        for first in range(0, count, 100):
            dns = [("member", f"uid=user{n:06},ou=many,{self.base}")
                   for n in range(first, min(first + 100, count))]
            self.group(f"hundred{first // 100:04}", dns)

    # ---- groups
    def group(self, name, members):
        dn = self.member(f"cn={name}")
        # A group must have a member: itself where there is no other.
        self.entry(dn, ("objectClass", "groupOfNames"), ("cn", name),
                   *(members or [("member", dn)]))

    def nest(self, name, members):
        """Groups in a group, once all are there: memberOf needs them."""
        self.entry(self.member(f"cn={name}"), ("changetype", "modify"),
                   ("replace", "member"),
                   *(("member", self.member(m)) for m in members))

    def member(self, who):
        if who.startswith("cn="):
            return f"cn={escape(who[3:])},ou=groups,{self.base}"
        return next(self.dn(p) for p in PEOPLE if p.uid == who)

    def groups(self):
        for name, members in GROUPS:
            self.group(name, [("member", self.member(m)) for m in members
                              if not m.startswith("cn=")])
        for name, members in GROUPS:
            if any(m.startswith("cn=") for m in members):
                self.nest(name, members)
        for name, number, members in POSIX:
            self.entry(f"cn={name},ou=groups,{self.base}",
                       ("objectClass", "posixGroup"), ("cn", name),
                       ("gidNumber", str(number)),
                       *(("memberUid", m) for m in members))


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    what, domain = sys.argv[1:]
    sys.stdout.reconfigure(encoding="utf-8")
    directory = Directory(domain, sys.stdout)
    if what.startswith("many:"):
        directory.many(int(what[5:]))
    else:
        {"people": directory.people, "groups": directory.groups,
         "list": directory.list}[what]()


if __name__ == "__main__":
    main()
