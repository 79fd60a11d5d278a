"""What compilers, build tools, bundlers, containers and CI print about steps that went well."""

from __future__ import annotations

from headroom_wrap.compressors._labels import QUIET
from headroom_wrap.compressors._steps import Step

_COMPILED = "file compiled|files compiled"
_COMMAND = "command|commands"
_TASK = "task|tasks"
_CHECK = "check|checks"
_LAYER = "line of build steps|lines of build steps"

BUILD = (
    # make, CMake's makefiles, ninja, kernels, autotools
    Step(
        "linked|linked",
        r"\[ *\d+(?:%|/\d+)\] Linking (?:CXX|C|Fortran|CUDA|ASM|Swift|OBJC"
        r"|OBJCXX) (?:static |shared )?(?:executable|library|module) (?P<name>\S+)(?:;.*)?$",
    ),
    Step("target built|targets built", r"\[ *\d+%\] Built target \S+$"),
    Step(
        _COMPILED,
        r"\[ *\d+(?:%|/\d+)\] (?:Building|Compiling|Generating|Creating|Copying|Automatic"
        r"|Running|Re-running|Performing|Scanning|Preprocessing|Archiving|Installing"
        r"|Consolidate|CC|CXX|LD|AR|AS|Merging) .*$",
    ),
    Step(
        _COMPILED,
        r" {2}(?:CC|CXX|LD|AR|AS|HOSTCC|HOSTLD|GEN|CCLD|CXXLD|UPD|VDSO|WRAP"
        r"|SYSHDR)(?: \[M\])? .*$",
    ),
    Step(
        QUIET,
        r"(?:g?make(?:\[\d+\])?|ninja): (?:Entering|Leaving) directory .*$"
        r"|(?:Scanning dependencies|Consolidate compiler generated dependencies) of target"
        r" .*$|Dependee .* is newer than depender .*$",
    ),
    Step(
        "target up to date|targets up to date",
        r"g?make(?:\[\d+\])?: (?:Nothing to be done for|.* is up to date).*$",
    ),
    Step(
        _COMMAND,
        r"(?:\S*/)?(?:[\w.]+-)*(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+|cc1|ar|ranlib|ld|strip"
        r"|nvcc|rustc|javac|moc|uic|rcc|install|libtool|mkdir|rm|cp|mv|ln|sed|chmod|touch"
        r"""|perl|m4|bison|flex|yacc)(?:-\d+)? +(?=[-./\w'\"$]).*(?:(?<= )-\S|[\w)]/|\.\w+).*$"""
        r"|libtool: (?:compile|link|install): .*$|/bin/(?:ba)?sh (?:\.\.?/)*libtool .*$"
        # ninja -v
        r"|\[\d+/\d+\] (?:(?:: && |cd \S+ && )?(?:ccache )?\S*/[\w.+-]+ +-|cd \S+ && ).*$",
    ),
    Step(
        _CHECK,
        r"checking (?:for |whether |if |how |that |the |which |dependency |build |host "
        r"|target |size |command |your |supported |archiver )?.*\.\.\. .*$"
        r"|config\.status: .*$|configure: creating .*$",
    ),
    # CMake and Meson looking round
    Step(
        "check passed|checks passed",
        r"-- (?:Looking for|Performing Test|Check(?:ing)? (?:for|if|size of|whether)?"
        r"|Detecting|Check) ?.* - (?:found|[Ss]uccess|done|works|yes|skipped|ok)\s*$"
        r"|-- Check size of \S+ - done\s*$",
    ),
    Step(
        QUIET,
        r"-- (?:Looking for|Performing Test|Detecting|Check for working|Check size of"
        r"|Checking whether) [^-]*(?:(?!- )-[^-]*)*$",
    ),
    # clang and clang-tidy count as they go
    Step(QUIET, r"\d+ (?:warning|error)s?(?: and \d+ errors?)? generated\.$"),
    # cppcheck
    Step("file checked|files checked", r"Checking \S+ ?\.\.\.$"),
    Step(QUIET, r"\d+/\d+ files checked \d+% done$"),
    # pylint: each finding names its file
    Step(QUIET, r"\*{13} Module \S+$"),
    # cargo, go
    Step(
        "crate compiled|crates compiled",
        r" +(?:Compiling|Checking|Fresh|Documenting|Building|Dirty|Vendoring) \S+ v\d.*$",
    ),
    Step(_COMMAND, r" +Running `.*`$"),
    # JVM
    Step(
        _TASK,
        r"> Task :\S+(?: (?:UP-TO-DATE|NO-SOURCE|FROM-CACHE|SKIPPED))?\s*$"
        r"|:[\w:-]+ (?:UP-TO-DATE|NO-SOURCE)\s*$|\[INFO\] -+[<\[(] .* [>\])]-+\s*$"
        r"|\[INFO\] -{3} \S+:[\w.-]+(?::\S+)? .*-{3}\s*$",
    ),
    Step(
        QUIET,
        r"\[INFO\]\s*$|\[INFO\] -{20,}\s*$|\[INFO\] \s*from \S+pom\.xml$|\[DEBUG\] .*$",
    ),
    Step(
        _COMPILED,
        r"\[INFO\] (?:Copying \d+ resources?.*|Compiling \d+ .*|Nothing to compile.*"
        r"|skip non existing resource.*|Using '.*' encoding.*|Changes detected.*"
        r"|Recompiling .*|Using auto detected provider.*|Building jar: .*|Installing /.*)$",
    ),
    # .NET
    Step(
        "project restored|projects restored",
        r" +(?:Restored|Determining projects to restore) .*$"
        r"|  All projects are up-to-date.*$",
    ),
    # bundlers
    Step(
        "module|modules",
        r" *(?:\| )*\.{1,2}/\S+ [\d.]+ (?:bytes|[KM]iB|[kKM]B)(?: \[.*)?(?: \{.*)?$"
        r"| *\+ \d+ (?:hidden )?modules$| *(?:modules by path|cacheable modules"
        r"|orphan modules|runtime modules|optional modules) .*$",
    ),
    Step(
        QUIET,
        r" {4,}(?:\[(?:used exports|no exports|exports|only some exports|all exports|module) .*\]"
        r"|\w+ bailout: .*|[\w@][\w@ ./-]* \[\S+\] \d+:\d+-\d+(?:-\d+)?(?:, .*)?)$",
    ),
    Step(
        QUIET,
        r"(?:transforming|rendering chunks|computing gzip size)(?: \(\d+\))?\.{3}.*$"
        r"|<s> \[webpack\.Progress\] .*$|\d+% .*(?:building|sealing|emitting).*$",
    ),
    # container builds
    Step(
        _LAYER,
        r"#\d+ (?:sha256:\S+ .*|extracting .*|transferring .*|resolve .*|CACHED|DONE \d.*"
        r"|\.\.\.|naming to .*|unpacking .*|exporting (?:layers|manifest|config|attestation"
        r"|cache).*|preparing .*|writing image .* done|reading .*)$",
    ),
    Step(
        _LAYER,
        r" ---> [0-9a-f]{12}$| ---> Running in [0-9a-f]{12}$"
        r"|(?:Removing intermediate container|Removed intermediate container) .*$"
        r"| ---> Using cache$",
    ),
    Step(_LAYER, r"Sending build context to Docker daemon .*$|#\d+ \[internal\] .*$"),
    # CI
    Step(
        QUIET,
        r"##\[(?:group|endgroup|section|command|debug)\].*$|::(?:group|endgroup)::.*$",
    ),
)
