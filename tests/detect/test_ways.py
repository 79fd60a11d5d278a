"""More ways to look at a file than anybody would think of, each met in some agent's session."""

from __future__ import annotations

import pytest

from headroom_wrap.detect.reads import is_edit, is_file_text
from headroom_wrap.types import Origin

CODE = "def a():\n    return 1\n" * 40

# `\\n` is a line break.
SHOWN = r"""
sed -n '1,40p;80,120p' a.py
sed -n -e '1,40p' -e '80,120p' a.py
sed -ne 10,20p a.py
sed -n 10,20p a.py && sed -n 90,95p b.py
sed '10,20!d' a.py
sed -n '/def a/,/^def b/p' a.py
sed -n "$((10)),20p" a.py
awk 'NR==10,NR==20' a.py
awk 'NR>=10 && NR<=30 {print NR": "$0}' a.c
awk '/class A/,/^$/' a.py
perl -ne 'print if 10..20' a.py
perl -pe 's/x/y/' a.py
ruby -ne 'print if (10..20)===$.' a.rb
python3 -c "print(open('a.py').read())"
python -c 'import sys; sys.stdout.write(open("a.py").read())'
python3 -c "from pathlib import Path; print(Path('a.py').read_text())"
python3 - <<'EOF'\nprint(open('a.py').read()[100:900])\nEOF
python3 <<EOF\nwith open('a.py') as f:\n    for i, l in enumerate(f): print(i, l, end='')\nEOF
python3 -c "import linecache; [print(linecache.getline('a.py', i)) for i in range(1,90)]"
python3 -c "import inspect, h11; print(inspect.getsource(h11))"
node -e "console.log(require('fs').readFileSync('a.js','utf8'))"
node -e 'process.stdout.write(require("fs").readFileSync("a.js"))'
ruby -e 'puts File.read("a.rb")'
php -r 'echo file_get_contents("a.php");'
go run ./cmd/show a.go && cat a.go
git ls-files | xargs cat
git ls-files '*.py' | xargs -I{} cat {}
ls *.py | xargs -n1 sed -n 1,20p
find . -name '*.py' -print0 | xargs -0 cat
find src -name a.py -exec sed -n '1,20p' {} \;
fd -e py -x cat
fd -e py -X bat
for f in src/*.py; do echo "== $f"; sed -n 1,40p "$f"; done
for f in a.py b.py; do cat $f; done
while read f; do cat "$f"; done < list
cat a.py b.py | head -100
(cat a.py; cat b.py)
{ cat a.py; } 2>/dev/null
cat a.py || true
cat a.py 2>/dev/null || echo missing
test -f a.py && cat a.py
if [ -f a.py ]; then cat a.py; fi
docker exec app cat /srv/a.py
docker exec -it app bash -c 'cat /srv/a.py'
docker compose exec web sed -n 1,40p a.py
docker compose exec -T web cat a.py
docker run --rm -v $PWD:/w img cat /w/a.py
podman exec app cat a.py
ssh host cat a.py
ssh -p 22 user@host 'sed -n 1,40p /srv/a.py'
ssh -i key host "cat /etc/nginx/nginx.conf"
kubectl exec pod -- cat /etc/app.yaml
kubectl exec -it pod -c app -n ns -- sh -c 'cat a.py'
oc exec pod -- cat a.py
nix run nixpkgs#bat -- a.py
nix shell nixpkgs#ripgrep -c rg -C3 foo
nix develop -c cat a.py
nix-shell -p bat --run 'bat a.py'
devbox run cat a.py
mise exec -- cat a.py
direnv exec . cat a.py
wsl cat a.py
wsl -e bash -c "cat a.py"
powershell -Command "Get-Content a.ps1"
powershell.exe -NoProfile -Command "Get-Content -Path 'a.ps1' | Select-Object -First 40"
pwsh -c "cat a.ps1"
Get-Content a.cs | Select-Object -Skip 10 -First 40
gc a.cs -Head 20
(Get-Content a.cs)[10..40]
[IO.File]::ReadAllText("a.cs")
[System.IO.File]::ReadAllLines("a.cs")[0..20]
$lines = Get-Content a.cs; $lines[10..40]
Select-String -Path a.cs -Pattern foo -Context 3
type a.cs
cmd /c type a.cs
cmd.exe /c "type src\a.cs"
more a.cs
git show HEAD:a.py | head -40
git show :a.py
git show origin/main:src/a.py
git -C /repo show abc123:src/a.py
git cat-file blob HEAD:a.py
hg cat a.py
svn cat a.py
jj file show a.py
hexdump -C a.bin
od -c a.py
less -N a.py
batcat --style=plain a.py
tail -n +10 a.py | head -20
head -50 a.py | tail -20
nl -ba a.py
cat -A a.py
cat -n a.py | sed -n '10,40p'
cat -- a.py
tac a.py
pr -n a.py
paste a.py b.py
grep '' a.py
grep -n '' a.py
grep -n "" src/*.py
grep -c '' a.py; cat a.py
grep -nE '.*' a.py
grep -C 5 -n foo a.py
grep -rn -A 10 "def a" src
rg -A5 foo
rg --context 4 foo src
rg -n '' a.py
rg --passthru foo a.py
ag -C foo
ack -C3 foo
git grep -n -W foo
git grep --show-function foo
grep -Pzo '(?s)def a.*?return' a.py
ast-grep -p 'def $A()' -l py
sg run -p foo
zcat a.py.gz
gunzip -c a.py.gz
jq . package.json
jq .scripts package.json
jq --arg name x '.scripts' package.json
jq -f scripts.jq package.json
cat package.json | jq .scripts
yq . a.yaml
yq -P a.yaml
yq e .spec.template a.yaml
xmllint --format pom.xml
black -q - < a.py
prettier a.ts
gofmt a.go
rustfmt --emit stdout a.rs
clang-format a.c
cat <<'EOF' > a.py\nx\nEOF\ncat a.py
tee a.py <<'EOF'\nx = 1\nEOF
cat > a.py <<'EOF'\nx = 1\nEOF\nsed -n 1,20p a.py
sed -i 's/a/b/' a.py && cat a.py
apply_patch <<'EOF'\n*** Begin Patch\nEOF\ncat a.py
ed -s a.py <<< '10,40p'
ed -s a.py <<'EOF'\n10,40p\nq\nEOF
vim -es -c '%p' -c q a.py
ex -s +%p +q! a.py
cut -c1-200 a.py
expand a.py
fold -w 100 a.py
rev a.py | rev
column -t a.conf
strings a.bin
printf '%s\n' "$(cat a.py)"
echo "$(cat a.py)"
echo `cat a.py`
X=$(cat a.py); echo "$X"
cat <(sed -n 1,40p a.py)
mapfile -t L < a.py; printf '%s\n' "${L[@]:10:20}"
readarray L < a.py; echo "${L[@]}"
while IFS= read -r line; do echo "$line"; done < a.py
time cat a.py
timeout 5 cat a.py
sudo -u www cat /etc/nginx/nginx.conf
env LC_ALL=C cat a.py
\cat a.py
/bin/cat a.py
xargs -a files cat
parallel cat ::: a.py b.py
cat $(git ls-files '*.py')
cat `ls *.py`
cat a.py | tee /tmp/x
cat a.py | nl
cat a.py | awk '{print NR": "$0}'
cat a.py | sed 's/^/> /'
cat a.py | python3 -c 'import sys; print(sys.stdin.read())'
cat a.py | perl -ne 'print'
cat a.py | tr -d '\r'
cat a.py | fold
cat a.py | cat -A
cat a.py | iconv -f latin1
cat a.py | less
cat a.py | grep -v '^#'
cat a.py | grep -v foo
grep -v '^#' a.conf
grep -vE '^\s*(#|$)' /etc/nginx/nginx.conf
egrep -v '^#' a.conf
systemctl cat nginx
crontab -l
pip show -f x; cat a.py
npm pkg get; cat package.json
terraform show a.tf; cat a.tf
make -n; cat Makefile
cd /r; cat a.py; echo ---; cat b.py
echo '--- a.py'; cat a.py
ls; cat a.py
cat a.py; ls
pytest -q; cat a.py
cat a.py && pytest -q
tree; head -40 a.py
"""
PRINTED = r"""
sed -i 's/a/b/' a.py
python manage.py test
python -m pytest
node server.js
npm test
docker logs app
docker exec app pytest
docker compose exec web python manage.py test
ssh host journalctl -u x
kubectl get pods
kubectl logs x
kubectl exec pod -- ps aux
nix build
nix run .#test
powershell -Command "Get-Process"
cmd /c dir
git diff --stat
git log --oneline
git status
cat build.log
ls | xargs wc -l
find . -type f
for f in *.py; do wc -l $f; done
cat a.py | wc -l
cat a.py > b.py
grep -rn foo .
grep -v DEBUG app.log
tail -f app.log
python3 -c "print(1)"
cargo build 2>&1 | tail -40
cargo test 2>&1 | grep -A5 FAILED
pytest 2>&1 | head -50
pytest | sed -n 1,40p
make | awk 'NR<100'
npm ls
dmesg | tail
ps aux | head
curl -s localhost:8080/metrics
curl -s https://api.example.com/items
curl -s https://api.example.com/items | jq .items
kubectl get pods -o json | jq '.items[].metadata.name'
kubectl get deploy -o yaml | yq .spec.template
gh api repos/a/b/issues | jq -r --arg n 1 .items.labels
"""


def commands(table: str) -> list[str]:
    return [
        line.replace("\\n", "\n") if "<<" in line else line for line in table.split("\n") if line
    ]


@pytest.mark.parametrize("command", commands(SHOWN))
def test_these_show_files(command: str) -> None:
    assert is_file_text(CODE, Origin("Bash", command))


@pytest.mark.parametrize("command", commands(PRINTED))
def test_these_do_not(command: str) -> None:
    assert not is_file_text(CODE, Origin("Bash", command))


@pytest.mark.parametrize("path", ["app.log", "/var/log/syslog", "out/run.stderr", "rows.csv"])
@pytest.mark.parametrize(
    "way",
    [
        "cat {}",
        "sed -n 1,99p {}",
        "docker exec app tail -n 500 {}",
        "ssh host cat {}",
        "python3 -c \"print(open('{}').read())\"",
        "cut -c1-200 {}",
        "grep -v DEBUG {}",
        "bash -c 'head -n 400 {}'",
        'for i in 1 2; do awk "NR<99" {}; done',
    ],
)
def test_machines_files_are_none_whichever_way_they_are_read(way: str, path: str) -> None:
    assert not is_file_text("x = 1\n" * 300, Origin("Bash", way.format(path)))


CODE_MODE = [
    ('const r = await tools.exec_command({"cmd": "sed -n \'1,200p\' a.py"}); text(r.output)', True),
    ("const [a, b] = await Promise.all([tools.exec_command({cmd: 'cat a.py'}), 1])", True),
    ("for (const f of fs) { const r = await tools.exec_command({cmd: `nl -ba ${f}`}); }", True),
    ('await tools.exec_command({cmd: "bash -lc \\"cat a.py\\""})', True),
    ("await tools.exec_command({cmd: 'docker exec app cat a.py'})", True),
    ("await tools.exec_command({cmd: 'rg -n foo src'})", False),
    ("await tools.exec_command({cmd: 'pytest -q tests'})", False),
]


@pytest.mark.parametrize(("script", "expected"), CODE_MODE)
def test_code_mode(script: str, expected: bool) -> None:
    assert is_file_text(CODE, Origin("exec", script)) is expected


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (Origin("Edit", path="a.py"), True),
        (Origin("mcp__fs__edit_file", path="a.py"), True),
        (Origin("bash", "edit 1:2\nx\nend_of_edit"), True),
        (Origin("Read", path="a.py"), False),
        (Origin("Bash", "sed -n 1,9p a.py"), False),
        (Origin(), False),
    ],
)
def test_edits(origin: Origin, expected: bool) -> None:
    assert is_edit(origin) is expected
