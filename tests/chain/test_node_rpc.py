"""What servers answer, and what is made of it."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from chain.accounts import account
from chain.errors import NodeRefused, NodeUnreachable
from chain.evm import Reverted
from chain.rpc import Rpc
from chain.sender import Sender, Waits, reverted_or
from market.size import MOST_GAS


@pytest.fixture
def server():
    """Start a server that gives answers one after another, the last one for ever."""
    answers = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            status, body = answers.pop(0) if len(answers) > 1 else answers[0]
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())

        def log_message(self, *_):
            pass

    running = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{running.server_port}/secret"
    yield answers, Rpc(url, patience_s=1.0)
    running.shutdown()
    running.server_close()


FINE = (200, {"result": "0x1"})


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_that_is_busy_is_asked_again(server, status):
    answers, rpc = server
    answers += [(status, {}), (status, {}), FINE]

    assert rpc.ask("eth_chainId") == "0x1"


@pytest.mark.parametrize("status", [401, 404])
def test_a_server_that_says_no_is_not_asked_again(server, status):
    answers, rpc = server
    answers += [(status, {}), FINE]

    with pytest.raises(NodeUnreachable, match=f"HTTP {status}") as refused:
        rpc.ask("eth_chainId")

    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("body", [b"<html>", b"", [1]])
def test_what_is_no_answer_of_a_node_is_one_line(server, body):
    answers, rpc = server
    answers += [(200, body)]

    with pytest.raises(NodeUnreachable):
        rpc.ask("eth_chainId")


@pytest.mark.parametrize(
    ("error", "data"),
    [
        ({"code": 3, "message": "execution reverted", "data": "0x0a0b"}, b"\x0a\x0b"),
        ({"code": -32015, "message": "VM error: revert", "data": "Reverted 0x0a"}, b"\x0a"),
        ({"code": -32603, "message": "reverted", "data": {"data": "0x0c"}}, b"\x0c"),
        ({"code": -32000, "message": "execution reverted"}, b""),
    ],
    ids=["geth", "besu", "hardhat", "bare"],
)
def test_a_revert_keeps_its_bytes_however_the_node_words_it(server, error, data):
    answers, rpc = server
    answers += [(200, {"error": error})]

    with pytest.raises(Reverted) as reverted:
        reverted_or(rpc, "eth_call")

    assert reverted.value.data == data


@pytest.mark.parametrize("error", ["unwell", {"code": -32601, "message": "unwell"}])
def test_an_error_that_is_no_revert_is_the_nodes(server, error):
    answers, rpc = server
    answers += [(200, {"error": error})]

    with pytest.raises(NodeRefused, match=r"^the node refused eth_call: unwell$"):
        reverted_or(rpc, "eth_call")


@pytest.mark.parametrize(
    ("estimate", "asked"), [(100_000, 125_000), (MOST_GAS - 9, MOST_GAS), (MOST_GAS, MOST_GAS)]
)
def test_a_quarter_is_spared_but_no_more_is_asked_for_than_is_allowed(server, estimate, asked):
    """Else nodes would refuse what the chain would take (EIP-7825)."""
    answers, rpc = server
    answers += [(200, {"result": hex(estimate)})]
    sender = Sender(rpc, account(0), 1, Waits())

    assert sender._estimate({"to": "", "data": b"", "value": 0}) == asked
