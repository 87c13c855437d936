/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the cups-release authors */
#include "lib/compat.h"

#ifdef __linux__

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/input.h>

/* Where US keyboards have it, without and with shift. */
static const char plain[] = {
	[KEY_1] = '1', [KEY_2] = '2', [KEY_3] = '3', [KEY_4] = '4',
	[KEY_5] = '5', [KEY_6] = '6', [KEY_7] = '7', [KEY_8] = '8',
	[KEY_9] = '9', [KEY_0] = '0', [KEY_MINUS] = '-', [KEY_EQUAL] = '=',
	[KEY_Q] = 'q', [KEY_W] = 'w', [KEY_E] = 'e', [KEY_R] = 'r',
	[KEY_T] = 't', [KEY_Y] = 'y', [KEY_U] = 'u', [KEY_I] = 'i',
	[KEY_O] = 'o', [KEY_P] = 'p', [KEY_A] = 'a', [KEY_S] = 's',
	[KEY_D] = 'd', [KEY_F] = 'f', [KEY_G] = 'g', [KEY_H] = 'h',
	[KEY_J] = 'j', [KEY_K] = 'k', [KEY_L] = 'l', [KEY_Z] = 'z',
	[KEY_X] = 'x', [KEY_C] = 'c', [KEY_V] = 'v', [KEY_B] = 'b',
	[KEY_N] = 'n', [KEY_M] = 'm', [KEY_SEMICOLON] = ';',
	[KEY_APOSTROPHE] = '\'', [KEY_COMMA] = ',', [KEY_DOT] = '.',
	[KEY_SLASH] = '/', [KEY_SPACE] = ' ', [KEY_LEFTBRACE] = '[',
	[KEY_RIGHTBRACE] = ']', [KEY_BACKSLASH] = '\\',
	[KEY_KP0] = '0', [KEY_KP1] = '1', [KEY_KP2] = '2', [KEY_KP3] = '3',
	[KEY_KP4] = '4', [KEY_KP5] = '5', [KEY_KP6] = '6', [KEY_KP7] = '7',
	[KEY_KP8] = '8', [KEY_KP9] = '9', [KEY_KPDOT] = '.',
	[KEY_KPMINUS] = '-', [KEY_KPPLUS] = '+', [KEY_KPASTERISK] = '*',
	[KEY_KPSLASH] = '/', [KEY_ENTER] = '\n', [KEY_KPENTER] = '\n',
	[KEY_BACKSPACE] = '\b', [KEY_ESC] = '\033', [KEY_TAB] = '\t'
};
static const char shifted[] = {
	[KEY_1] = '!', [KEY_2] = '@', [KEY_3] = '#', [KEY_4] = '$',
	[KEY_5] = '%', [KEY_6] = '^', [KEY_7] = '&', [KEY_8] = '*',
	[KEY_9] = '(', [KEY_0] = ')', [KEY_MINUS] = '_', [KEY_EQUAL] = '+',
	[KEY_SEMICOLON] = ':', [KEY_APOSTROPHE] = '"', [KEY_COMMA] = '<',
	[KEY_DOT] = '>', [KEY_SLASH] = '?', [KEY_LEFTBRACE] = '{',
	[KEY_RIGHTBRACE] = '}', [KEY_BACKSLASH] = '|'
};

static char
char_of(unsigned code, bool shift)
{
	char c = code < sizeof plain ? plain[code] : 0;

	if (shift && code < sizeof shifted && shifted[code] != 0)
		return shifted[code];
	return shift && c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

int
rel_compat_keys_read(int fd, bool *shift, char *out, size_t room)
{
	struct input_event ev[32];
	ssize_t got = read(fd, ev, room < 32 ? room * sizeof *ev :
	    sizeof ev);
	int n = 0;

	if (got <= 0)
		return got < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
	for (size_t i = 0; i < (size_t)got / sizeof *ev; i++) {
		char c;

		if (ev[i].type != EV_KEY)
			continue;
		if (ev[i].code == KEY_LEFTSHIFT ||
		    ev[i].code == KEY_RIGHTSHIFT)
			*shift = ev[i].value != 0;
		else if (ev[i].value == 1 &&
		    (c = char_of(ev[i].code, *shift)) != 0)
			out[n++] = c;
	}
	return n;
}

int
rel_compat_keys_grab(int fd)
{
	return ioctl(fd, EVIOCGRAB, 1);
}

int
rel_compat_keys_usb(int fd, uint16_t *vid, uint16_t *pid)
{
	struct input_id id;

	if (ioctl(fd, EVIOCGID, &id) < 0)
		return -1;
	*vid = id.vendor;
	*pid = id.product;
	return 0;
}

#else
struct rel_not_linux_keys;
#endif
