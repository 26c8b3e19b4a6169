# Shared by room-x11 and room-wayland, which source it. Bash.
#
# A room directory, made for each run and removed after it, holds:
#   pid     the process id of the script that runs the room
#   env     what a program needs to be in the room, as shell exports
#   layout  one line a screen: NAME WIDTH HEIGHT HZ X Y SCALE ROTATION
#   *.log   what the server and the window manager said
set -eu -o pipefail

die() { echo "$ROOM_KIND: $*" >&2; exit 2; }
need() { local t; for t; do command -v "$t" >/dev/null || die "$t is missing: run tests/rig/install"; done; }

# --- options and layout ---------------------------------------------------------------------

# parse_mode WxH[@HZ][:SCALE][/ROTATION] -> sets W H HZ SCALE ROT
parse_mode() {
  local re='^([0-9]+)x([0-9]+)(@([0-9.]+))?(:([0-9.]+))?(/(90|180|270))?$'
  [[ $1 =~ $re ]] || die "bad mode '$1': want WIDTHxHEIGHT[@HZ]$MODE_EXTRAS"
  W=${BASH_REMATCH[1]} H=${BASH_REMATCH[2]} HZ=${BASH_REMATCH[4]:-60}
  SCALE=${BASH_REMATCH[6]:-1} ROT=${BASH_REMATCH[8]:-normal}
  [[ -n $MODE_EXTRAS || $SCALE$ROT == 1normal ]] || die "bad mode '$1': no scale or rotation in this room; give a portrait screen as 1080x1920"
}

# logical_size W H SCALE ROT -> sets LW LH, the room the screen takes up in the layout
logical_size() {
  read -r LW LH < <(awk -v w="$1" -v h="$2" -v s="$3" 'BEGIN { printf "%d %d\n", w / s, h / s }')
  case $4 in 90|270) local t=$LW; LW=$LH LH=$t ;; esac
}

# make_layout PREFIX FIRST -> prints layout lines for $screens, $modes, $grid
make_layout() {
  local list=() m n i cols rows total=0
  local -a ws hs rates scales rots lws lhs colw rowh
  IFS=, read -ra parts <<<"$modes"
  for m in "${parts[@]}"; do
    n=1
    [[ $m == *'*'* ]] && { n=${m#*'*'}; m=${m%%'*'*}; }
    [[ $n =~ ^[0-9]+$ ]] || die "bad count in '$modes'"
    for ((i = 0; i < n; i++)); do list+=("$m"); done
  done
  ((${#list[@]} > 0)) || die "no mode given"
  ((screens > 0)) || screens=$(( ${#list[@]} > 1 ? ${#list[@]} : 10 ))
  ((screens <= 16)) || die "at most 16 screens"
  ((${#list[@]} <= screens)) || die "${#list[@]} modes for $screens screens"
  for ((i = 0; i < screens; i++)); do
    m=${list[i < ${#list[@]} ? i : ${#list[@]} - 1]}
    parse_mode "$m"; logical_size "$W" "$H" "$SCALE" "$ROT"
    ws[i]=$W hs[i]=$H rates[i]=$HZ scales[i]=$SCALE rots[i]=$ROT lws[i]=$LW lhs[i]=$LH
    total=$((total + LW))
  done
  if [[ -z $grid ]]; then   # one row, or as many as it takes to stay under 32767 pixels
    rows=$((total / 32767 + 1)); cols=$(((screens + rows - 1) / rows))
  else
    [[ $grid =~ ^([0-9]+)x([0-9]+)$ ]] || die "bad grid '$grid': want COLUMNSxROWS"
    cols=${BASH_REMATCH[1]} rows=${BASH_REMATCH[2]}
    ((cols * rows >= screens)) || die "a $grid grid does not hold $screens screens"
  fi
  for ((i = 0; i < cols; i++)); do colw[i]=0; done
  for ((i = 0; i < rows; i++)); do rowh[i]=0; done
  for ((i = 0; i < screens; i++)); do
    ((lws[i] > colw[i % cols])) && colw[i % cols]=${lws[i]}
    ((lhs[i] > rowh[i / cols])) && rowh[i / cols]=${lhs[i]}
  done
  local x=0 y=0
  for ((i = 0; i < screens; i++)); do
    ((i % cols == 0)) && { x=0; ((i > 0)) && y=$((y + rowh[i / cols - 1])); }
    echo "$1$(($2 + i)) ${ws[i]} ${hs[i]} ${rates[i]} $x $y ${scales[i]} ${rots[i]}"
    x=$((x + colw[i % cols]))
  done
}

# --- the live room --------------------------------------------------------------------------

# find_room -> sets ROOM_DIR: the one this program was started in, or else the only one there is
find_room() {
  if [[ -z ${ROOM_DIR:-} ]]; then
    local d live=()
    for d in "${TMPDIR:-/tmp}/$ROOM_KIND".*/; do
      [[ -r $d/env ]] && kill -0 "$(<"$d/pid")" 2>/dev/null && live+=("${d%/}")
    done
    ((${#live[@]} > 0)) || die "no room is running: start one with '$ROOM_KIND -- COMMAND'"
    ((${#live[@]} == 1)) || die "several rooms are running; set ROOM_DIR to one of: ${live[*]}"
    ROOM_DIR=${live[0]}
  fi
  [[ -r $ROOM_DIR/env ]] || die "no room in $ROOM_DIR"
  # shellcheck disable=SC1091
  . "$ROOM_DIR/env"
}

# planned NAME -> the layout line of that screen
planned() { awk -v n="$1" '$1 == n' "$ROOM_DIR/layout"; }

# --- running --------------------------------------------------------------------------------

started=()   # pids to end, in the order they were started
begin_room() {
  [[ ${TMPDIR:-/tmp} != *[[:space:]:]* ]] || die "TMPDIR must have no spaces and no colons in it"
  ROOM_DIR=$(mktemp -d "${TMPDIR:-/tmp}/$ROOM_KIND.XXXXXX")
  echo $$ >"$ROOM_DIR/pid"
  trap end_room EXIT
  trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM
}

end_room() {
  local status=$? i pid
  trap '' HUP INT TERM
  for ((i = ${#started[@]} - 1; i >= 0; i--)); do
    pid=${started[i]}
    kill "$pid" 2>/dev/null || continue
    for _ in {1..50}; do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -9 "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  rm -rf "$ROOM_DIR"
  exit "$status"
}

# wait_for SECONDS PID LOG TEST... -> until TEST holds; dies with LOG's end if PID has ended
wait_for() {
  local tries=$(($1 * 20)) pid=$2 log=$3; shift 3
  while ! "$@" >/dev/null 2>&1; do
    if ! kill -0 "$pid" 2>/dev/null || ((tries-- == 0)); then
      tail -n 25 "$log" >&2 || true
      die "did not start (its log's end is above)"
    fi
    sleep 0.05
  done
}

# run_command COMMAND... -> in the room, with its standard input; ends the script with its status
run_command() {
  local status=0
  ( trap - INT QUIT HUP TERM; . "$ROOM_DIR/env"; exec "$@" ) <&0 &
  started+=($!)
  wait $! || status=$?
  exit "$status"
}

# software_env -> the exports that make Vulkan and OpenGL use Mesa's software drivers only
software_env() {
  local icd
  for icd in /usr/share/vulkan/icd.d/lvp_icd*.json; do
    [[ -r $icd ]] && { printf 'export VK_DRIVER_FILES=%q VK_ICD_FILENAMES=%q\n' "$icd" "$icd"; break; }
  done
  echo "export LIBGL_ALWAYS_SOFTWARE=1"
}
