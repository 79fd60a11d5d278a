"""Which stack frames lie in libraries and runtimes: by the places where those are installed."""

from __future__ import annotations

import functools
import re

_PLACES_KEPT = 512
_PLACE = re.compile(
    r"[/\\](?:site-packages|dist-packages|node_modules|\.pnpm|\.yarn|gems|vendor|rustc|sysdeps)[/\\]"
    r"|[/\\]lib[/\\](?:python|ruby|pypy)\d|[/\\]lib(?:64|32)?[/\\][\w+.-]*\.so\b|lib\w+\.so[.\d]*\b"
    r"|<frozen |\bnode:|\(internal/|<anonymous>\)$|\[internal function\]|\.cargo[/\\]registry"
    r"|[/\\]deps[/\\][\w-]+-\d+\.\d+|[/\\]go[/\\]pkg[/\\]mod[/\\]|[/\\]go[\d.]*[/\\]src[/\\]"
    r"|[\"( ](?:/usr)?/lib(?:64|exec|32)?/|[\"( ]/usr/(?:include|share)/|webpack/|compiler-rt"
    r"|\.\.?/(?:csu|nptl|stdlib|malloc|signal|stdio-common|libio|elf)/[\w/.-]+\.[cS]:\d"
    r"|\"[\w./]+\.p(?:yx|xi)\"|libsanitizer/|<null> <null>|\(index \d+\)"
    r"|libstdc\+\+|/rust/deps/|/rustlib/|\((?:ecto|phoenix|plug|elixir|stdlib|kernel) "
)
_JVM = re.compile(
    r"\s*at (?:[\w.@-]+/)*(?:"
    r"java|javax|jakarta|sun|jdk|scala|kotlin|kotlinx|groovy|clojure|akka|reactor|android|androidx|dalvik"
    r"|com\.(?:sun|google\.common|google\.inject|fasterxml|zaxxer|mysql|oracle|intellij|android|mongodb)"
    r"|org\.(?:springframework|apache|junit|hibernate|codehaus|gradle|eclipse|jboss|mockito|testng|slf4j"
    r"|aspectj|graalvm|postgresql|bouncycastle|glassfish|aopalliance|jetbrains|thymeleaf)"
    r"|io\.(?:netty|micronaut|quarkus|reactivex|vertx|grpc|undertow|micrometer|opentelemetry)"
    r"|ch\.qos|net\.sf|net\.bytebuddy|okhttp3|retrofit2|worker\.org\.gradle"
    r")\.|.*(?:\$\$Lambda|\$\$(?:Enhancer|FastClass)|GeneratedMethodAccessor)"
)
_DOTNET = re.compile(r"\s*at (?:System|Microsoft|MS|Newtonsoft|Xunit|NUnit|Castle|Moq)\.")
_RUST = re.compile(
    r"\s*(?:#?\d+:? +)?(?:0x[0-9a-f]+ - )?(?:[<&]|dyn )*"
    r"(?:(?:std|core|alloc|tokio|futures\w*|rayon\w*|hashbrown|backtrace|test|proc_macro)(?:\[\w+\])?::"
    r"|_*rust|__rust|_start$|__libc_start|main$|<?unknown|clone3?$|start_thread)"
)
_NATIVE = re.compile(
    r"in (?:__libc_start|_start\b|__interceptor_|__asan_|__ubsan|__tsan|operator (?:new|delete)|"
    r"start_thread|clone3?\b|__GI_|abort\b|raise\b)"
)
_GO = re.compile(
    r"(?: {2})?(?:created by )?(?:runtime|net/http|net|testing|reflect|sync|syscall|internal/\w+|os"
    r"|io|bufio|context|encoding/\w+|database/sql|time)[./][\w./(*)]*"
)
# Ruby names the place of the call for what is built in.
_RUBY = re.compile(
    r":\d+:in [`'](?:(?:Array|Hash|Enumerable|Enumerator|Integer|Kernel|Range)[#.])?"
    r"(?:map|flat_map|collect|each\w*|times|sum|select|reject|inject|reduce|loop|tap|then|send"
    r"|public_send|catch|require|require_relative|load|eval|sort_by|group_by|filter_map)'$"
)


# A trace that recurs or goes round in circles names the same places again.
@functools.lru_cache(_PLACES_KEPT)
def is_library(text: str, kind: str) -> bool:
    """Whether the frame (its first two lines) is someone else's code."""
    if _PLACE.search(text):
        return True
    if kind == "ruby":
        return _RUBY.search(text) is not None
    if kind == "at":
        if " in " in text and ":line " in text:
            return False
        return bool(_JVM.match(text) or _DOTNET.match(text))
    if kind in ("rust", "numbered"):
        first = text.partition("\n")[0]
        return bool(_RUST.match(first) or _NATIVE.search(first))
    return kind == "go" and bool(_GO.match(text)) and "/src/" in text
