/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include <strings.h>

#include "station/desk.h"

static const struct {
	const char *en, *de;
} words[WORD_COUNT] = {
	[WORD_TAP] = { "Hold your card to the reader",
	    "Bitte Karte vorhalten" },
	[WORD_PIN] = { "Now the PIN of your card, then Enter",
	    "Jetzt die PIN der Karte, dann Enter" },
	[WORD_AWAY] = { "The print server does not answer. Your jobs stay "
	    "where they are: try again in a moment.",
	    "Der Druckserver antwortet nicht. Ihre Auftr\xc3\xa4ge bleiben "
	    "erhalten: bitte gleich noch einmal versuchen." },
	[WORD_NOTHING] = { "Nothing waits for you", "Es wartet nichts" },
	[WORD_PRINTS] = { "jobs print now", "Auftr\xc3\xa4ge werden gedruckt" },
	[WORD_ALL_KEY] = { "Enter: all    number and Enter: that one",
	    "Enter: alle    Nummer und Enter: diesen" },
	[WORD_OUT_KEY] = { "0 and Enter, or your card: log out",
	    "0 und Enter, oder Karte: abmelden" },
	[WORD_UNKNOWN] = { "This did not work", "Das ging nicht" },
	[WORD_NO_KEYPAD] = { "This card needs a PIN, and there are no keys "
	    "here: use your phone or another device",
	    "Diese Karte braucht eine PIN, hier sind keine Tasten: bitte "
	    "Telefon oder ein anderes Ger\xc3\xa4t nehmen" },
	[WORD_WAIT] = { "One moment", "Einen Moment" },
	[WORD_GONE] = { "The card reader is not there",
	    "Der Kartenleser ist nicht da" },
	[WORD_PHONE] = { "Or with your phone:", "Oder mit dem Telefon:" },
	[WORD_MORE] = { "more", "weitere" }
};

const char *
desk_say(const char *locale, enum desk_word word)
{
	return strncasecmp(locale, "de", 2) == 0 ? words[word].de :
	    words[word].en;
}
