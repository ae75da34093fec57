"""What can go wrong between Python and a chain.

ChainError               expected in normal operation
├── CompilerMissing      no node, or no npm packages, to compile with
├── CompilationFailed    the compiler refused a source
├── ArtifactStale        committed bytecode is not what the sources compile to
├── EngineMissing        a venue's package is not installed
└── UnknownRevert        a contract refused a call, and said nothing that we know
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
