"""A server on loopback that speaks the Hub's paths: the repositories in a directory, ROOT/models/ORG/NAME and ROOT/datasets/ORG/NAME.

Files of LFS are redirected to a second port, in the place of the Hub's content network. Requests go to ROOT/requests.log.
"""
import hashlib
import http.server
import json
import pathlib
import sys
import threading
import urllib.parse

ROOT = pathlib.Path(sys.argv[1])
LARGE = (".safetensors", ".gguf", ".parquet")
log_lock = threading.Lock()


def repository(kind, name):
    folder = ROOT / kind / name
    if not folder.is_dir():
        return None
    files = {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    commit = hashlib.sha1(json.dumps({k: hashlib.sha1(v).hexdigest() for k, v in files.items()}).encode()).hexdigest()
    return commit, files


def git_sha1(content):
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def entry(path, content):
    found = {"type": "file", "path": path, "size": len(content), "oid": git_sha1(content)}
    if path.endswith(LARGE):
        found["lfs"] = {"oid": hashlib.sha256(content).hexdigest(), "size": len(content), "pointerSize": 134}
    return found


class Base(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        with log_lock, open(ROOT / "requests.log", "a") as log:
            log.write(f"{self.server.role} {self.command} {self.path} {self.headers.get('Range', '-')} {self.headers.get('Authorization', '-')}\n")

    def send(self, status, headers=(), content=b""):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def content(self, content, headers=()):
        wanted = self.headers.get("Range")
        if wanted:
            start = int(wanted.removeprefix("bytes=").split("-")[0])
            part = ("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
            self.send(206, [*headers, part], content[start:])
        else:
            self.send(200, headers, content)

    def do_HEAD(self):
        self.do_GET()


class Hub(Base):
    def do_GET(self):
        path = urllib.parse.unquote(self.path.split("?")[0])
        parts = path.strip("/").split("/")
        if parts[0] == "api" and len(parts) >= 4:
            self.api(parts[1], "/".join(parts[2:4]), parts[4:])
            return
        kind = "datasets" if parts[0] == "datasets" else "models"
        parts = parts[1:] if kind == "datasets" else parts
        found = repository(kind, "/".join(parts[:2])) if len(parts) > 4 and parts[2] == "resolve" else None
        if found is None:
            self.send(404, [("X-Error-Code", "RepoNotFound")])
        elif parts[3] not in ("main", found[0]):
            self.send(404, [("X-Error-Code", "RevisionNotFound")])
        elif "/".join(parts[4:]) not in found[1]:
            self.send(404, [("X-Error-Code", "EntryNotFound"), ("X-Repo-Commit", found[0])])
        else:
            self.file(kind, "/".join(parts[:2]), "/".join(parts[4:]), *found)

    def file(self, kind, name, file, commit, files):
        content = files[file]
        if not file.endswith(LARGE):
            self.content(content, [("X-Repo-Commit", commit), ("ETag", f'"{git_sha1(content)}"')])
            return
        elsewhere = f"http://127.0.0.1:{network.server_port}/{kind}/{name}/{urllib.parse.quote(file)}?signature=secret"
        self.send(302, [
            ("X-Repo-Commit", commit),
            ("X-Linked-Etag", f'"{hashlib.sha256(content).hexdigest()}"'),
            ("X-Linked-Size", str(len(content))),
            ("Location", elsewhere),
        ])

    def api(self, kind, name, rest):
        found = repository(kind, name) if kind in ("models", "datasets") else None
        if found is None:
            self.send(404, [("X-Error-Code", "RepoNotFound")])
            return
        commit, files = found
        if rest[:1] == ["tree"]:
            answer = [entry(path, content) for path, content in files.items()]
        else:
            answer = {"id": name, "sha": commit, "private": False, "downloads": 0, "likes": 0, "tags": [],
                      "siblings": [{"rfilename": path} for path in files]}
        self.send(200, [("Content-Type", "application/json")], json.dumps(answer).encode())


class Network(Base):
    def do_GET(self):
        kind, org, name, *file = urllib.parse.unquote(self.path.split("?")[0]).strip("/").split("/")
        self.content((ROOT / kind / org / name / "/".join(file)).read_bytes())


network = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Network)
network.role = "network"
threading.Thread(target=network.serve_forever, daemon=True).start()
hub = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
hub.role = "hub"
print(f"http://127.0.0.1:{hub.server_port}", flush=True)
hub.serve_forever()
