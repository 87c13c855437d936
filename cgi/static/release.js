// SPDX-License-Identifier: Apache-2.0
// Copyright the cups-release authors
// What our pages do better with a script; all of them work without.
(function () {
'use strict';

// ---- button data-confirm="Delete this job?": ask first
document.addEventListener('click', function (e) {
	var button = e.target.closest('button[data-confirm]');
	if (button && !window.confirm(button.dataset.confirm))
		e.preventDefault();
});

// ---- a form is sent once: its buttons sleep until the page is shown again
function sleep(form) {
	form.querySelectorAll('button:not([type=button]):enabled').forEach(
		function (b) {
			b.disabled = true;
			b.dataset.slept = '';
		});
}

function wake() {
	document.querySelectorAll('button[data-slept]').forEach(function (b) {
		b.disabled = false;
		delete b.dataset.slept;
	});
	document.querySelectorAll('form[aria-busy]').forEach(function (f) {
		f.removeAttribute('aria-busy');
	});
}

document.addEventListener('submit', function (e) {
	var form = e.target;
	// Not form.method: a field may have that name.
	if (e.defaultPrevented ||
	    (form.getAttribute('method') || '').toLowerCase() !== 'post')
		return;
	if (form.hasAttribute('aria-busy')) {
		e.preventDefault();
		return;
	}
	form.setAttribute('aria-busy', 'true');
	// After the browser took the fields: a disabled button is not sent. A
	// file that is downloaded leaves the page as it is, so wake up again.
	window.setTimeout(sleep, 0, form);
	window.setTimeout(wake, 8000);
});
window.addEventListener('pageshow', wake);

// ---- input data-filter="#jobs": only rows that have all the words
function filter(input) {
	var table = document.querySelector(input.dataset.filter);
	var words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
	if (!table)
		return;
	table.querySelectorAll('tbody > tr').forEach(function (row) {
		var text = row.textContent.toLowerCase();
		row.hidden = !words.every(function (w) { return text.includes(w); });
		// What is not seen is not chosen.
		row.querySelectorAll('input[type=checkbox]').forEach(function (box) {
			if (row.hidden && box.checked) {
				box.checked = false;
				box.dataset.filtered = '';
			} else if (!row.hidden && 'filtered' in box.dataset) {
				box.checked = true;
				delete box.dataset.filtered;
			}
		});
	});
}

function filterAll() {
	document.querySelectorAll('input[data-filter]').forEach(filter);
}

document.addEventListener('input', function (e) {
	if (e.target.matches('input[data-filter]'))
		filter(e.target);
});
document.addEventListener('keydown', function (e) {
	if (!e.target.matches('input[data-filter]'))
		return;
	if (e.key === 'Enter' && !e.target.name)
		e.preventDefault();	// not the form around it
	if (e.key === 'Escape' && e.target.value) {
		e.target.value = '';
		filter(e.target);
	}
});

// ---- input type=checkbox data-all="#jobs": all or none of the rows shown
document.addEventListener('change', function (e) {
	if (!e.target.matches('input[data-all]'))
		return;
	document.querySelectorAll(e.target.dataset.all +
		' tbody > tr:not([hidden]) input[type=checkbox]:enabled').forEach(
		function (box) { box.checked = e.target.checked; });
});

// ---- id="x" data-refresh-seconds="10": fetched anew while it is looked at
function selected(part) {
	var s = document.getSelection();
	return s && !s.isCollapsed && s.containsNode(part, true);
}

function busy(part) {
	return document.hidden || part.contains(document.activeElement) ||
		selected(part) ||
		document.querySelector('dialog[open], form[aria-busy]') ||
		part.dataset.touched !== undefined;
}

document.addEventListener('input', function (e) {
	var part = e.target.closest('[data-refresh-seconds]');
	if (part)
		part.dataset.touched = '';	// what was typed or chosen stays
});

function refresh(id) {
	var part = document.getElementById(id);
	if (!part || busy(part)) {
		later(id);
		return;
	}
	fetch(window.location.href, { credentials: 'same-origin',
		redirect: 'error', cache: 'no-store' }).then(function (answer) {
		if (!answer.ok)
			throw new Error(String(answer.status));
		return answer.text();
	}).then(function (text) {
		var page = new DOMParser().parseFromString(text, 'text/html');
		var fresh = page.getElementById(id);
		part = document.getElementById(id);
		// Who went in meanwhile is not thrown out; next time, then.
		if (fresh && part && !busy(part) &&
		    fresh.innerHTML !== part.innerHTML) {
			part.replaceWith(document.adoptNode(fresh));
			filterAll();
			scanners();
		}
	}).catch(function () {}).finally(function () { later(id); });
}

function later(id) {
	var part = document.getElementById(id);
	var seconds = part ? Number(part.dataset.refreshSeconds) : 0;
	if (seconds > 0)
		window.setTimeout(refresh, Math.max(seconds, 2) * 1000, id);
}

// ---- form data-as-typed="id": that part is fetched anew while one types
var typing = 0, typed = 0;

function lookUp(form) {
	var mine = ++typed, id = form.dataset.asTyped;
	var url = form.action + '?' + new URLSearchParams(new FormData(form));
	fetch(url, { credentials: 'same-origin', redirect: 'error',
		cache: 'no-store' }).then(function (answer) {
		if (!answer.ok)
			throw new Error(String(answer.status));
		return answer.text();
	}).then(function (text) {
		var fresh = new DOMParser().parseFromString(text,
			'text/html').getElementById(id);
		// An answer that was overtaken by the next one is too late.
		if (fresh && mine === typed)
			document.getElementById(id).replaceChildren.apply(
				document.getElementById(id), fresh.childNodes);
	}).catch(function () {});
}

document.addEventListener('input', function (e) {
	var form = e.target.closest('form[data-as-typed]');
	if (!form)
		return;
	window.clearTimeout(typing);
	typing = window.setTimeout(lookUp, 300, form);
});

// ---- button data-scan: the camera looks for the QR code of a device.
// data-cancel, data-wrong and data-denied are its words.
var ours = /^\/release\//;

function target(text) {
	var url;
	try {
		url = new URL(text);
	} catch (x) {
		return null;
	}
	return url.origin === window.location.origin && ours.test(url.pathname) &&
		!url.username && !url.password ? url.href : null;
}

function scan(button, stream) {
	var box = document.createElement('dialog');
	var video = document.createElement('video');
	var words = document.createElement('p');
	var cancel = document.createElement('button');
	var detector = new window.BarcodeDetector({ formats: ['qr_code'] });
	var over = false;

	box.className = 'scan';
	box.setAttribute('aria-label', button.textContent.trim());
	video.muted = true;
	video.playsInline = true;
	video.srcObject = stream;
	words.setAttribute('role', 'status');
	cancel.type = 'button';
	cancel.className = 'second';
	cancel.textContent = button.dataset.cancel || 'Cancel';
	box.append(video, words, cancel);
	document.body.append(box);

	function done() {
		if (over)
			return;
		over = true;
		stream.getTracks().forEach(function (t) { t.stop(); });
		box.remove();
		button.focus();
	}
	function look() {
		if (over)
			return;
		detector.detect(video).then(function (codes) {
			var go = codes.map(function (c) {
				return target(c.rawValue);
			}).find(Boolean);
			if (over)
				return;
			if (go) {
				done();
				window.location.assign(go);
			} else if (codes.length > 0) {
				words.textContent = button.dataset.wrong || '';
			}
		}).catch(function () {}).finally(function () {
			window.setTimeout(look, 200);
		});
	}
	cancel.addEventListener('click', function () { box.close(); });
	box.addEventListener('close', done);	// also by Escape
	box.showModal();
	cancel.focus();
	video.play().catch(function () {});
	look();
}

function start(button) {
	button.disabled = true;
	navigator.mediaDevices.getUserMedia({ audio: false,
		video: { facingMode: 'environment' } }).then(function (stream) {
		button.disabled = false;
		scan(button, stream);
	}, function () {
		var p = document.createElement('p');
		button.disabled = false;
		p.className = 'error';
		p.setAttribute('role', 'alert');
		p.textContent = button.dataset.denied || '';
		button.after(p);
		button.hidden = true;
	});
}

// There is a camera only over HTTPS, and a detector not in every browser.
function scanners() {
	var buttons = document.querySelectorAll('button[data-scan]');
	if (buttons.length === 0 || !navigator.mediaDevices ||
	    !navigator.mediaDevices.getUserMedia || !window.BarcodeDetector)
		return;
	window.BarcodeDetector.getSupportedFormats().then(function (formats) {
		if (formats.includes('qr_code'))
			buttons.forEach(function (b) { b.hidden = false; });
	}, function () {});
}

document.addEventListener('click', function (e) {
	var button = e.target.closest('button[data-scan]');
	if (button)
		start(button);
});

// ---- span data-left="300" data-over="none": counts down
function count(span, end) {
	var left = Math.max(0, Math.round((end - Date.now()) / 1000));
	span.textContent = left === 0 ? span.dataset.over :
	    Math.floor(left / 60) + ':' + String(left % 60).padStart(2, '0');
	if (left > 0)
		window.setTimeout(count, 1000, span, end);
}
document.querySelectorAll('[data-left]').forEach(function (span) {
	count(span, Date.now() + Number(span.dataset.left) * 1000);
});

// What only a script can do is shown only by one.
document.querySelectorAll('[data-script]').forEach(function (e) {
	e.hidden = false;
});
filterAll();
scanners();
document.querySelectorAll('[data-refresh-seconds][id]').forEach(
	function (e) { later(e.id); });
})();
