#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Headless Chromium for a test: a line of JSON with a method of its debugging protocol in, a line with the answer out.

Speaks to the browser by its pipe (--remote-debugging-pipe), so that nothing listens anywhere and nothing but Python's own
library is needed. `urls` is a method of this program: every address that the page asked for since the start.
Usage: browser.py CHROMIUM PROFILE-FOLDER
"""
import json
import os
import subprocess
import sys
import threading

program, profile = sys.argv[1:3]
to_browser, out = os.pipe()
inward, from_browser = os.pipe()


def place_pipes():
    # The browser reads descriptor 3 and writes 4; through high numbers, since one may stand where the other goes.
    os.dup2(to_browser, 100)
    os.dup2(from_browser, 101)
    os.dup2(100, 3)
    os.dup2(101, 4)


browser = subprocess.Popen(
    [
        program, "--headless=new", "--remote-debugging-pipe", f"--user-data-dir={profile}", "--no-first-run",
        "--no-default-browser-check", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--disable-extensions", "--disable-gpu", "--disable-dev-shm-usage", "--lang=zh-CN",
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "about:blank",
    ] + (["--no-sandbox"] if os.getuid() == 0 else []),
    preexec_fn=place_pipes, close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    stderr=subprocess.DEVNULL)
os.close(to_browser)
os.close(from_browser)

answers = {}
arrived = threading.Condition()
urls = []


def listen():
    rest = b""
    while True:
        part = os.read(inward, 1 << 16)
        if not part:
            os._exit(1)
        rest += part
        while b"\0" in rest:
            line, rest = rest.split(b"\0", 1)
            message = json.loads(line)
            if message.get("method") == "Network.requestWillBeSent":
                urls.append(message["params"]["request"]["url"])
            if "id" in message:
                with arrived:
                    answers[message["id"]] = message
                    arrived.notify()


threading.Thread(target=listen, daemon=True).start()
count = 0


def call(method, params=None, session=None):
    global count
    count += 1
    message = {"id": count, "method": method, "params": params or {}}
    if session:
        message["sessionId"] = session
    os.write(out, json.dumps(message).encode() + b"\0")
    with arrived:
        if not arrived.wait_for(lambda: count in answers, timeout=30):
            return {"error": {"message": f"{method}: no answer in 30 s"}}
        return answers.pop(count)


pages = [t for t in call("Target.getTargets")["result"]["targetInfos"] if t["type"] == "page"]
session = call("Target.attachToTarget", {"targetId": pages[0]["targetId"], "flatten": True})["result"]["sessionId"]
for domain in ("Network", "Page", "Runtime"):
    call(f"{domain}.enable", None, session)

print(json.dumps({"result": {}}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    if request["method"] == "urls":
        answer = {"result": {"urls": urls}}
    else:
        answer = call(request["method"], request.get("params"), session)
    print(json.dumps({key: answer[key] for key in ("result", "error") if key in answer}), flush=True)
browser.kill()
browser.wait()
