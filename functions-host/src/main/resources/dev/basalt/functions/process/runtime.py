"""Runs Python handlers over the Lambda Runtime API, one thread for each call that may run at a time."""

import importlib.util
import json
import os
import socket
import sys
import threading
import time

BASE = "/2018-06-01/runtime/"
ENV = os.environ
SIGNATURE = ENV["BASALT_SIGNATURE"]
SOCKET = ENV.pop("BASALT_RUNTIME_SOCKET", None)
DEFAULTS = {"lambda": "handler", "openwhisk": "main", "kubeless": "handler"}


class Api:
    """The few lines of HTTP that this needs: the standard library's client costs a start of its own."""

    def __init__(self):
        if SOCKET is None:
            host, _, port = ENV["AWS_LAMBDA_RUNTIME_API"].partition(":")
            self.socket = socket.create_connection((host, int(port)))
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        else:
            self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self.socket.connect(SOCKET)
        self.reader = self.socket.makefile("rb")

    def send(self, method, name, body="", headers=()):
        content = body.encode()
        lines = ["%s %s%s HTTP/1.1" % (method, BASE, name), "Host: runtime", "Content-Length: %d" % len(content)]
        self.socket.sendall("\r\n".join([*lines, *headers, "", ""]).encode() + content)
        if not self.reader.readline():
            sys.exit("the host has closed the connection")
        answered = {}
        for line in iter(self.reader.readline, b"\r\n"):
            key, _, value = line.decode().partition(":")
            answered[key.strip().lower()] = value.strip()
        return answered, self.reader.read(int(answered.get("content-length", 0)))

    def fail(self, name, error, error_type):
        import traceback

        trace = traceback.format_exception(type(error), error, error.__traceback__)
        body = json.dumps({"errorType": error_type, "errorMessage": str(error), "stackTrace": trace})
        self.send("POST", name, body, ["Lambda-Runtime-Function-Error-Type: " + error_type])


class Context:
    """Lambda's context object."""

    def __init__(self, headers):
        self.function_name = ENV["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = ENV["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = ENV["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = ENV["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = ENV["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.invoked_function_arn = headers["lambda-runtime-invoked-function-arn"]
        self.client_context = json.loads(headers.get("lambda-runtime-client-context") or "null")
        self.identity = None
        self._deadline = int(headers["lambda-runtime-deadline-ms"])

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline - int(time.time() * 1000))


class Missing(Exception):
    pass


def load():
    root = ENV["LAMBDA_TASK_ROOT"]
    sys.path.insert(0, root)
    name = ENV["_HANDLER"] or DEFAULTS[SIGNATURE]
    module, _, function = name.rpartition(".")
    file = os.path.join(root, module.replace(".", "/") + ".py") if module else ""
    if not os.path.isfile(file):
        file = os.path.join(root, ENV["BASALT_ENTRYPOINT"])
    spec = importlib.util.spec_from_file_location(os.path.basename(file)[:-3], file)
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = loaded
    spec.loader.exec_module(loaded)
    handler = getattr(loaded, function, None)
    if not callable(handler):
        raise Missing("%s has no function %s" % (os.path.basename(file), function))
    return handler


def call(handler, payload, context):
    if SIGNATURE == "openwhisk":
        return handler(payload)
    if SIGNATURE == "kubeless":
        return handler(payload["event"], payload["context"])
    return handler(payload, context)


def serve(handler):
    api = Api()
    while True:
        headers, body = api.send("GET", "invocation/next")
        request = headers["lambda-runtime-aws-request-id"]
        try:
            answer = json.dumps(call(handler, json.loads(body), Context(headers)))
        except Exception as error:
            api.fail("invocation/%s/error" % request, error, type(error).__name__)
        else:
            api.send("POST", "invocation/%s/response" % request, answer, ["Content-Type: application/json"])
        sys.stdout.flush()


def copy(source, target):
    try:
        while part := source.recv(65536):
            target.sendall(part)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        for each in (source, target):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # It is closed already.


def relay(listening):
    while True:
        program, _ = listening.accept()
        host = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            host.connect(ENV["BASALT_EGRESS_SOCKET"])
        except OSError:
            program.close()
            continue
        for source, target in ((program, host), (host, program)):
            threading.Thread(target=copy, args=(source, target), daemon=True).start()


def open_way_out():
    """The standard library, and most of what is built upon it, looks for a proxy at a port."""
    listening = socket.create_server(("127.0.0.1", int(ENV["HTTP_PROXY"].rpartition(":")[2])))
    threading.Thread(target=relay, args=(listening,), daemon=True).start()


def main():
    sys.stdout.reconfigure(line_buffering=True)
    try:
        if "BASALT_EGRESS_SOCKET" in ENV:
            open_way_out()
        handler = load()
    except BaseException as error:
        kinds = {Missing: "Runtime.HandlerNotFound", SyntaxError: "Runtime.UserCodeSyntaxError"}
        kind = "Runtime.ImportModuleError" if isinstance(error, ImportError) else kinds.get(type(error), type(error).__name__)
        sys.excepthook(type(error), error, error.__traceback__)
        Api().fail("init/error", error, kind)
        sys.exit(1)
    more = int(ENV["BASALT_CONCURRENCY"]) - 1
    for _ in range(more):
        threading.Thread(target=serve, args=(handler,), daemon=True).start()
    serve(handler)


main()
