"""What can go wrong between Python and a chain.

ChainError               expected in normal operation
├── CompilerMissing      no node, or no npm packages, to compile with
├── CompilationFailed    the compiler refused a source
├── ArtifactStale        committed bytecode is not what the sources compile to
├── EngineMissing        a venue's package is not installed
├── UnknownRevert        a contract refused a call, and said nothing that we know
├── KeyRefused           a private key is missing, or is none
├── NodeUnreachable      a node gave no answer in the time allowed
├── NodeRefused          a node answered with an error
├── TransactionStuck     a transaction was not mined in the time allowed
└── ContractUnknown      what stands at an address is no contract of ours
"""


class ChainError(Exception):
    """Something that happens to a correct program on its way to a chain."""


class CompilerMissing(ChainError):
    """There is no node, or no npm packages, to compile with."""

    def __init__(self, wanted: str) -> None:
        super().__init__(f"no compiler: {wanted}")
        self.wanted = wanted


class CompilationFailed(ChainError):
    """The compiler refused a source."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ArtifactStale(ChainError):
    """Committed bytecode is not what the sources compile to."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(
            f"stale: {', '.join(names)}, wanted a fresh `gridpact contracts compile`"
        )
        self.names = names


class EngineMissing(ChainError):
    """A venue's package is not installed."""

    def __init__(self, venue: str, package: str) -> None:
        super().__init__(
            f"venue {venue} needs the package {package}, which is not installed; "
            "venue local needs nothing"
        )
        self.venue, self.package = venue, package


class UnknownRevert(ChainError):
    """A contract refused a call, and said nothing that we know."""

    def __init__(self, call: str, data: bytes) -> None:
        super().__init__(f"{call} reverted with {data.hex() or 'no data'}")
        self.call, self.data = call, data


class KeyRefused(ChainError):
    """A private key is missing, or is none; the message never shows it."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source} {reason}")
        self.source, self.reason = source, reason


class NodeUnreachable(ChainError):
    """A node gave no answer in the time allowed."""

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(f"no answer from the node at {host}: {reason}")
        self.host, self.reason = host, reason


class NodeRefused(ChainError):
    """A node answered with an error."""

    def __init__(self, method: str, reason: str, code: int = 0, data: str = "") -> None:
        super().__init__(f"the node refused {method}: {reason}")
        self.method, self.reason, self.code, self.data = method, reason, code, data


class TransactionStuck(ChainError):
    """A transaction was not mined in the time allowed; it may still be."""

    def __init__(self, transaction: str, seconds: float) -> None:
        super().__init__(f"transaction {transaction} was not mined in {seconds:g} seconds")
        self.transaction, self.seconds = transaction, seconds


class ContractUnknown(ChainError):
    """What stands at an address is no contract of ours."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"{address} {reason}")
        self.address, self.reason = address, reason
