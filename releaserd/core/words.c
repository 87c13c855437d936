/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */

/* What panels say, in English and German. */
#include <string.h>

#include "releaserd/core/core.h"

static const struct {
	const char *key, *en, *de;
} words[] = {
	{ "login-title", "Log in", "Anmelden" },
	{ "login-hint", "Hold your card to the reader, or choose another way",
	    "Karte vorhalten oder anders anmelden" },
	{ "login-choose", "Choose how to log in", "Art der Anmeldung wählen" },
	{ "login-nobody", "Nobody can log in here now",
	    "Hier kann sich jetzt niemand anmelden" },
	{ "by-device-password", "Password of this device",
	    "Passwort dieses Geräts" },
	{ "by-device-pin", "PIN of this device", "PIN dieses Geräts" },
	{ "device-password", "Password", "Passwort" },
	{ "device-pin", "PIN", "PIN" },
	{ "password-only-title", "Now your password", "Jetzt Ihr Passwort" },
	{ "more-needed", "That is right. One more step",
	    "Das stimmt. Noch ein Schritt" },
	{ "not-allowed-here", "That is not enough to log in here",
	    "Das genügt hier nicht zum Anmelden" },
	{ "not-for-you", "You may not do that here",
	    "Das dürfen Sie hier nicht" },
	{ "step-over", "That took too long. Please begin again",
	    "Das hat zu lange gedauert. Bitte von vorn beginnen" },
	{ "proven", "You may do that now", "Das dürfen Sie jetzt" },
	{ "nobodys-jobs", "The device is open. Jobs are shown to those who "
	    "log in themselves", "Das Gerät ist offen. Aufträge sieht nur, wer "
	    "sich selbst anmeldet" },
	{ "panel-locked", "This panel is locked", "Dieses Bedienfeld ist "
	    "gesperrt" },
	{ "panel-unlocked", "The panel is unlocked: what waited is printed",
	    "Das Bedienfeld ist frei: Wartendes wird gedruckt" },
	{ "unlock-panel", "Unlock this panel", "Bedienfeld freigeben" },
	{ "this-device", "This device", "Dieses Gerät" },
	{ "id-number", "ID number", "Nummer" },
	{ "ok", "OK", "OK" },
	{ "by-password", "User name and password",
	    "Benutzername und Passwort" },
	{ "password-title", "Log in with name and password",
	    "Anmelden mit Name und Passwort" },
	{ "by-code", "Code from my page", "Code von meiner Seite" },
	{ "code", "One-time code", "Einmal-Code" },
	{ "code-hint", "Your page of the print server shows a code that is "
	    "good once", "Ihre Seite des Druckservers zeigt einen Code, der "
	    "einmal gilt" },
	{ "user", "User name", "Benutzername" },
	{ "password", "Password", "Passwort" },
	{ "log-in", "Log in", "Anmelden" },
	{ "back", "Back", "Zurück" },
	{ "log-out", "Log out", "Abmelden" },
	{ "card-pin-title", "Enter the PIN of your card",
	    "PIN der Karte eingeben" },
	{ "pin", "PIN", "PIN" },
	{ "register-title", "This card is not known yet",
	    "Diese Karte ist noch nicht bekannt" },
	{ "register-hint", "Enter your name and password once to register it",
	    "Zum Registrieren einmal Name und Passwort eingeben" },
	{ "register", "Register card", "Karte registrieren" },
	{ "registered", "The card is registered",
	    "Die Karte ist registriert" },
	{ "by-backup", "Security settings", "Sicherheitseinstellungen" },
	{ "backup-password", "Backup password", "Notfallpasswort" },
	{ "backup-title", "Security settings", "Sicherheitseinstellungen" },
	{ "backup-hint", "Only with the backup password. Each use is reported.",
	    "Nur mit dem Notfallpasswort. Jede Benutzung wird gemeldet." },
	{ "backup-open", "Opened with the backup password: this is reported",
	    "Mit dem Notfallpasswort geöffnet: das wird gemeldet" },
	{ "is-away", "does not answer", "antwortet nicht" },
	{ "answers", "answers", "antwortet" },
	{ "offline-deny", "While it is away its people cannot log in with a "
	    "password", "Wenn nicht, geht die Anmeldung mit Passwort nicht" },
	{ "offline-cached", "While it is away the last right password counts",
	    "Wenn nicht, gilt das zuletzt richtige Passwort" },
	{ "offline-local", "While it is away passwords set here count",
	    "Wenn nicht, gelten hier gesetzte Passwörter" },
	{ "set-deny", "let nobody in while it is away",
	    "niemanden einlassen, wenn es nicht antwortet" },
	{ "set-cached", "keep the last right password",
	    "das zuletzt richtige Passwort merken" },
	{ "set-local", "use passwords set here", "hier gesetzte Passwörter nehmen" },
	{ "unlock-it", "End the lock-out", "Sperre beenden" },
	{ "not-there", "There is no such thing any more", "Das gibt es nicht mehr" },
	{ "none-locked", "Nobody is locked out", "Niemand ist gesperrt" },
	{ "backup-subject", "The backup password of the print server was used",
	    "Das Notfallpasswort des Druckservers wurde benutzt" },
	{ "backup-mail", "Somebody opened the security settings of the print "
	    "server with the backup password:", "Mit dem Notfallpasswort hat "
	    "jemand die Sicherheitseinstellungen des Druckservers geöffnet:" },
	{ "backup-mail-do", "If that was none of you: set another backup "
	    "password and look at the audit log.", "War das keiner von Ihnen: "
	    "setzen Sie ein anderes und sehen Sie ins Prüfprotokoll." },
	{ "offline", "The directory does not answer: you are logged in with what "
	    "is known of you here", "Das Verzeichnis antwortet nicht: Sie sind "
	    "mit dem angemeldet, was hier bekannt ist" },
	{ "print-all", "Print all", "Alle drucken" },
	{ "print-selected", "Print selected", "Auswahl drucken" },
	{ "delete-selected", "Delete selected", "Auswahl löschen" },
	{ "refresh", "Refresh", "Aktualisieren" },
	{ "no-jobs", "You have no held jobs", "Keine Aufträge vorhanden" },
	{ "untitled", "Untitled", "Ohne Titel" },
	{ "copy", "copy", "Exemplar" },
	{ "copies", "copies", "Exemplare" },
	{ "set-copies", "Set copies", "Anzahl ändern" },
	{ "copies-label", "Copies of the selected jobs",
	    "Exemplare der Auswahl" },
	{ "confidential", "Confidential jobs: enter the PIN",
	    "Vertrauliche Aufträge: PIN eingeben" },
	{ "pin-title", "PIN of your confidential jobs",
	    "PIN der vertraulichen Aufträge" },
	{ "pin-hint", "Four digits, as entered when printing",
	    "Vier Ziffern, wie beim Drucken eingegeben" },
	{ "pin-wrong", "No confidential job has this PIN",
	    "Kein vertraulicher Auftrag hat diese PIN" },
	{ "pin-deleted", "Too many wrong PINs: the confidential jobs were "
	    "deleted", "Zu viele falsche PINs: Die vertraulichen Aufträge "
	    "wurden gelöscht" },
	{ "pin-opened", "Confidential jobs are shown now",
	    "Vertrauliche Aufträge werden jetzt angezeigt" },
	{ "bad-credential", "Name, number, card or password is not right",
	    "Name, Nummer, Karte oder Passwort stimmt nicht" },
	{ "domain", "Domain", "Domäne" },
	{ "domain-by-name", "by the name", "nach dem Namen" },
	{ "domain-local", "(Local)", "(Lokal)" },
	{ "password-expired", "Your password is no longer valid. Change it "
	    "where you log in to your computer", "Ihr Passwort gilt nicht "
	    "mehr. Bitte dort ändern, wo Sie sich am Rechner anmelden" },
	{ "backend-unavailable", "Passwords cannot be checked now. Try again "
	    "later", "Passwörter können gerade nicht geprüft werden. Bitte "
	    "später noch einmal" },
	{ "locked-out", "Too many failed log-ins. Try again later",
	    "Zu viele Fehlversuche. Bitte später wieder versuchen" },
	{ "card-expired", "This card is no longer valid. Ask the help desk",
	    "Diese Karte gilt nicht mehr. Bitte beim Helpdesk melden" },
	{ "card-not-yet", "This card is not valid yet. Ask the help desk",
	    "Diese Karte gilt noch nicht. Bitte beim Helpdesk melden" },
	{ "card-range", "Cards of this kind are registered by the help desk",
	    "Solche Karten trägt der Helpdesk ein" },
	{ "card-unknown", "This card is not known. Ask the help desk",
	    "Diese Karte ist nicht bekannt. Bitte an den Helpdesk wenden" },
	{ "account-closed", "This account is closed. Ask the help desk",
	    "Dieses Konto ist gesperrt. Bitte an den Helpdesk wenden" },
	{ "try-later", "The print server is busy. Try again in a moment",
	    "Der Druckserver ist beschäftigt. Gleich noch einmal versuchen" },
	{ "session-over", "You were logged out",
	    "Sie wurden abgemeldet" },
	{ "printing", "Sent to the printer", "An den Drucker geschickt" },
	{ "deleted", "Deleted", "Gelöscht" },
	{ "changed", "Changed", "Geändert" },
	{ "some-failed", "Some jobs could not be done",
	    "Einige Aufträge waren nicht möglich" },
	{ "none-chosen", "Choose a job first",
	    "Bitte zuerst einen Auftrag wählen" },
	{ "none-found", "There is nothing to print",
	    "Es gibt nichts zu drucken" },
	{ "not-held", "Someone was first: the job is no longer held",
	    "Der Auftrag wird nicht mehr bereitgehalten" },
	{ "option-not-supported", "This device cannot do that",
	    "Das ist an diesem Gerät nicht möglich" },
	{ "card-in-use", "This card belongs to someone else",
	    "Diese Karte gehört bereits jemandem" },
	{ "card-limit", "You have as many cards as are allowed",
	    "Mehr Karten sind nicht erlaubt" },
	{ "page", "page", "Seite" },
	{ "pages", "pages", "Seiten" },
	{ "color", "colour", "farbig" },
	{ "mono", "black and white", "schwarzweiß" },
	{ "two-sided", "two-sided", "beidseitig" },
	{ "counting", "being counted", "wird gezählt" },
	{ "pages-unknown", "pages unknown", "Seitenzahl unbekannt" },
	{ "options", "Options", "Optionen" },
	{ "copies-field", "Copies", "Exemplare" },
	{ "options-hint", "Change how the selected jobs print",
	    "Ändern, wie die Auswahl gedruckt wird" },
	{ "change", "Change", "Ändern" },
	{ "colour-label", "Colour", "Farbe" },
	{ "sides-label", "Sides", "Seiten des Papiers" },
	{ "one-sided", "one-sided", "einseitig" },
	{ "two-sided-long-edge", "two-sided, long edge",
	    "beidseitig, lange Kante" },
	{ "two-sided-short-edge", "two-sided, short edge",
	    "beidseitig, kurze Kante" },
	{ "number-up-label", "Pages on one side", "Seiten auf einer Seite" },
	{ "pages-label", "Pages (1-3,7; empty: all)",
	    "Seiten (1-3,7; leer: alle)" },
	{ "confirm-title", "Print it anyway?", "Trotzdem drucken?" },
	{ "confirm-unknown", "Nobody can tell how many pages this job has. "
	    "The printer will count them", "Die Seitenzahl dieses Auftrags "
	    "ist nicht bekannt. Der Drucker wird sie zählen" },
	{ "print-anyway", "Print anyway", "Trotzdem drucken" },
	{ "not-counted-yet", "The pages are still being counted. Try again "
	    "in a moment", "Die Seiten werden noch gezählt. Gleich noch "
	    "einmal versuchen" },
	{ "cannot-count", "The pages of this job cannot be counted: it may "
	    "not be printed here", "Die Seiten dieses Auftrags können nicht "
	    "gezählt werden: Er darf hier nicht gedruckt werden" },
	{ "colour-sides", "colour sides", "farbige Seiten" },
	{ "mono-sides", "black and white sides", "schwarzweiße Seiten" },
	{ "quota-own", "This job needs %, and you have % left",
	    "Dieser Auftrag braucht %, Sie haben noch %" },
	{ "quota-needs", "This job needs %", "Dieser Auftrag braucht %" },
	{ "quota-account", "The account \"%\" has % left",
	    "Das Konto „%“ hat noch %" },
	{ "charge-closed", "The account \"%\" is closed. Choose another one",
	    "Das Konto „%“ ist geschlossen. Bitte ein anderes wählen" },
	{ "charge-denied", "You may not charge the account \"%\". Choose "
	    "another one", "Sie dürfen das Konto „%“ nicht belasten. Bitte "
	    "ein anderes wählen" },
	{ "charge-unknown", "There is no account \"%\". Choose another one",
	    "Es gibt kein Konto „%“. Bitte ein anderes wählen" },
	{ "cost-unclear", "Nobody can tell now what this job costs, so it is "
	    "not printed", "Was dieser Auftrag kostet, ist gerade nicht "
	    "bekannt. Er wird deshalb nicht gedruckt" },
	{ "approval-needed", "This job waits until somebody of \"%\" approves "
	    "it", "Dieser Auftrag wartet, bis ihn jemand aus „%“ freigibt" },
	{ "question-waits", "Something is asked about this job",
	    "Zu diesem Auftrag gibt es eine Frage" },
	{ "answered-already", "Somebody has answered already",
	    "Die Frage ist schon beantwortet" },
	{ "answer-changed", "Print changed (%)", "Geändert drucken (%)" },
	{ "answer-as-is", "Print as it is", "So drucken, wie es ist" },
	{ "answer-cancel", "Do not print", "Nicht drucken" },
	{ "not-printed", "The job was deleted and is not printed",
	    "Der Auftrag wurde gelöscht und wird nicht gedruckt" },
	{ "pages-a-side", "% pages on a side", "% Seiten auf einer Seite" },
	{ "copies-at-most", "at most % copies", "höchstens % Exemplare" },
	{ "cheaper-at", "It would be cheaper at this printer",
	    "Günstiger wäre dieser Drucker" },
	{ "mail-subject", "Your print job waits for you",
	    "Ihr Druckauftrag wartet auf Sie" },
	{ "mail-waits", "This print job of yours is not printed yet:",
	    "Dieser Druckauftrag von Ihnen ist noch nicht gedruckt:" },
	{ "mail-question", "A rule of the print server asks:",
	    "Eine Regel des Druckservers fragt:" },
	{ "mail-approval", "It waits for approval by:",
	    "Er wartet auf die Freigabe durch:" },
	{ "mail-sync-subject", "Users of a directory were not brought up to date",
	    "Benutzer eines Verzeichnisses wurden nicht abgeglichen" },
	{ "mail-sync", "The scheduled sync of this directory did not come to "
	    "its end:", "Der geplante Abgleich dieses Verzeichnisses kam nicht "
	    "zum Ende:" },
	{ "mail-where", "You see and answer it at the printer, or here:",
	    "Sehen und beantworten können Sie das am Drucker oder hier:" },
	{ "balance", "You have % left", "Sie haben noch %" },
	{ "addresses", "Address book", "Adressbuch" },
	{ "addresses-hint", "Type two letters or more of a name",
	    "Zwei oder mehr Buchstaben eines Namens eingeben" },
	{ "addresses-typed", "Name", "Name" },
	{ "addresses-find", "Find", "Suchen" },
	{ "addresses-none", "Nobody was found", "Niemand gefunden" },
	{ "addresses-more", "There are more: type more of the name",
	    "Es gibt mehr: mehr vom Namen eingeben" },
	{ "addresses-late", "It took too long: these are what came",
	    "Es dauerte zu lange: das kam bis jetzt" },
	{ "addresses-short", "Type two letters or more, and not too many",
	    "Zwei oder mehr Buchstaben, und nicht zu viele" },
	{ "addresses-full", "Too many are looking just now. Please try again",
	    "Gerade suchen zu viele. Bitte noch einmal" },
	{ "accounts", "Account", "Konto" },
	{ "accounts-title", "Who pays for what you print now?",
	    "Wer bezahlt, was Sie jetzt drucken?" },
	{ "account-own", "I pay myself, or as each job says",
	    "Ich selbst, oder wie beim Auftrag angegeben" },
	{ "account-chosen", "What you print now is charged to %",
	    "Was Sie jetzt drucken, bezahlt %" },
	{ "not-open", "This is not open to you at this printer. "
	    "Please ask the help desk", "Das ist für Sie an diesem Drucker "
	    "nicht freigegeben. Bitte beim Helpdesk fragen" },
	{ "color-not-allowed", "Colour is not open to you at this printer",
	    "Farbe ist für Sie an diesem Drucker nicht freigegeben" },
	{ "template-needed", "For this you must first prove more of who you "
	    "are", "Dafür müssen Sie sich erst weiter ausweisen" },
	{ "print-mono", "Print in black and white", "Schwarzweiß drucken" },
	{ "mono-title", "No colour here", "Keine Farbe hier" },
	{ "native-copy", "Copy", "Kopieren" },
	{ "native-scan", "Scan", "Scannen" },
	{ "native-fax", "Fax", "Fax" },
	{ "native-usb", "USB drive", "USB-Stick" },
	{ "native-storage", "Boxes on the printer", "Fächer im Drucker" },
	{ "native-settings", "Settings of the printer",
	    "Einstellungen des Druckers" },
	{ "next", "Next page", "Nächste Seite" },
	{ "first", "First page", "Erste Seite" },
};

const char *
word_locale(const char *wanted)
{
	return wanted != NULL && strncmp(wanted, "de", 2) == 0 ? "de" : "en";
}

const char *
word(const char *locale, const char *key)
{
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcmp(words[i].key, key) == 0)
			return strcmp(word_locale(locale), "de") == 0 ?
			    words[i].de : words[i].en;
	return key;
}
