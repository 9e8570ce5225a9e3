#include "hls/playlist.h"

#include <algorithm>
#include <utility>

namespace sluice::livestream {

namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;
using std::chrono::seconds;

// Section numbers are those of draft-pantos-hls-rfc8216bis.
constexpr int kVersion = 9;  // section 8: EXT-X-SKIP
constexpr std::size_t kFewestSegments = 6;
constexpr int kShortestWindow = 3;      // target durations; section 6.2.2
constexpr int kPartsAreListed = 3;      // target durations from the end; section 6.2.2
constexpr int kHoldBack = 3;            // target durations, and part targets; section 4.4.3.8
constexpr int kSkipBoundary = 6;        // target durations; section 4.4.3.8
constexpr int kWindowToSkip = 12;       // target durations: below, deltas would save next to nothing
constexpr std::uint64_t kFurthest = 2;  // segments behind the last one; section 6.2.5.2

constexpr microseconds kLongest = 10min;
constexpr std::size_t kMostParts = 1'000;                       // of a segment
constexpr std::int64_t kHighestNumber = std::int64_t{1} << 53;  // of a segment or part: what JavaScript can count
// Key frames stand at frames: a segment may be some of them longer than was ordered.
constexpr microseconds kSegmentSlack = 100ms;
// Less than a frame: a segment that lacks no more is whole.
constexpr microseconds kShortestPart = 15ms;
// Section 6.2.1: dates of two segments may overlap by less than a second.
constexpr microseconds kDateOverlap = 500ms;
constexpr std::int64_t kLastDate = 253'402'300'799'000;  // milliseconds; the end of the year 9999

seconds rounded(microseconds duration) noexcept { return std::chrono::floor<seconds>(duration + 500ms); }

/// The Advance Part Limit, section 6.2.5.2: three seconds of parts, but no less than three parts.
std::uint64_t advance_part_limit(microseconds part_target) noexcept {
  constexpr microseconds kThreeSeconds = 3s;
  const auto parts = (kThreeSeconds + part_target - 1us) / part_target;
  return static_cast<std::uint64_t>(std::max<std::int64_t>(parts, 3));
}

}  // namespace

Playlist::Playlist(PlaylistOptions options)
    : options_{std::move(options)},
      target_{std::max(seconds{1}, rounded(options_.segment + kSegmentSlack))},
      part_target_{std::max<microseconds>(options_.part, 1ms)} {
  await_parts();
}

void Playlist::begin_run(std::string prefix) {
  if (ended_) return;
  if (running_) give_up_running();
  retire_initialisation();
  prefix_ = std::move(prefix);
  next_sequence_ = 0;
  await_parts();
}

bool Playlist::add(const HlsFile& file, WallTime now) {
  if (ended_) return false;
  if (file.kind == HlsFileKind::initialisation) return add_initialisation(file);
  if (!takes(file)) return false;
  if (file.kind == HlsFileKind::segment) {
    add_segment(file, now);
  } else if (!add_part(file, now)) {
    return false;
  }
  await_parts();
  return true;
}

void Playlist::end() {
  if (ended_) return;
  if (running_) give_up_running();
  awaited_ = {};
  ended_ = true;
  stale_ = true;
}

bool Playlist::takes(const HlsFile& file) const noexcept {
  const std::int64_t oldest = running_ ? running_sequence_ : next_sequence_;
  const microseconds duration{file.duration_us};
  return !initialisation_.empty() && file.sequence >= oldest && file.sequence < kHighestNumber && file.part >= 0 &&
         file.part < kHighestNumber && duration > 0us && duration <= kLongest;
}

bool Playlist::add_initialisation(const HlsFile& file) {
  if (file.name == initialisation_) return false;
  retire_initialisation();
  initialisation_ = file.name;
  return true;
}

bool Playlist::add_part(const HlsFile& file, WallTime now) {
  if (running_ && running_sequence_ == file.sequence) {
    if (file.part < running_->next_part || running_->parts_in_all == kMostParts) return false;
  }
  PlaylistSegment& segment = running_for(file, now);
  const microseconds duration{file.duration_us};
  segment.part_lines +=
      part_line({.name = file.name, .duration = duration, .independent = file.independent}, options_.query);
  segment.part_names.push_back(file.name);
  if (segment.parts_in_all == 0 && !file.independent) independent_ = false;
  ++segment.parts_in_all;
  segment.next_part = file.part + 1;
  segment.duration += duration;
  part_target_ = std::max(part_target_, duration);
  return true;
}

void Playlist::add_segment(const HlsFile& file, WallTime now) {
  running_for(file, now);
  close(file.name, microseconds{file.duration_us}, MediaPresence::whole);
}

PlaylistSegment& Playlist::running_for(const HlsFile& file, WallTime now) {
  stale_ = true;
  if (running_ && running_sequence_ != file.sequence) give_up_running();
  if (!running_) open(file, now);
  return *running_;
}

void Playlist::open(const HlsFile& file, WallTime now) {
  PlaylistSegment& segment = running_.emplace();
  segment.initialisation = initialisation_;
  segment.brings_map = segments_.empty() || segments_.back().initialisation != initialisation_;
  segment.discontinuity = !segments_.empty() && (file.discontinuity || segment.brings_map);
  segment.began = beginning_of(file, now);
  segment.head = head_lines(segment, options_.query);
  running_sequence_ = file.sequence;
}

// It must not be told twice what was to be seen at a time, whichever way the calendar was put (section 6.2.1).
WallTime Playlist::beginning_of(const HlsFile& file, WallTime now) const noexcept {
  const bool known = file.began_unix_ms > 0 && file.began_unix_ms < kLastDate;
  WallTime began = known ? WallTime{std::chrono::milliseconds{file.began_unix_ms}}
                         : now - std::chrono::duration_cast<WallTime::duration>(microseconds{file.duration_us});
  if (last_end_) began = std::max(began, *last_end_ - kDateOverlap);
  return std::max(began, WallTime{});
}

// Its parts were listed, perhaps played: the number stays its own, and what is missing is said to be (section 6.2.1).
void Playlist::give_up_running() { close(segment_name(running_sequence_), running_->duration, MediaPresence::missing); }

void Playlist::close(std::string name, Microseconds duration, MediaPresence presence) {
  PlaylistSegment& segment = *running_;
  segment.name = std::move(name);
  segment.duration = duration;
  segment.media = media_lines(segment, presence, options_.query);
  last_end_ = segment.began + duration;
  target_ = std::max(target_, rounded(duration));
  window_ += duration;
  next_sequence_ = running_sequence_ + 1;
  segments_.push_back(std::move(segment));
  running_.reset();
  stale_ = true;
  remove_old();
}

void Playlist::retire_initialisation() {
  const bool used = !segments_.empty() && segments_.back().initialisation == initialisation_;
  const bool in_use = used || (running_ && running_->initialisation == initialisation_);
  if (!initialisation_.empty() && !in_use) removed_.push_back(std::move(initialisation_));
  initialisation_.clear();
}

void Playlist::remove_old() {
  const microseconds shortest = std::max<microseconds>(options_.dvr, kShortestWindow * target_);
  while (segments_.size() > kFewestSegments && window_ - segments_.front().duration >= shortest) remove_first();
  microseconds to_the_end{};
  for (auto segment = segments_.rbegin(); segment != segments_.rend(); ++segment) {
    if (to_the_end > kPartsAreListed * target_) {
      std::ranges::move(std::exchange(segment->part_names, {}), std::back_inserter(removed_));
      segment->part_lines.clear();
    }
    to_the_end += segment->duration;
  }
}

void Playlist::remove_first() {
  PlaylistSegment first = std::move(segments_.front());
  segments_.pop_front();
  ++first_number_;
  window_ -= first.duration;
  if (first.discontinuity) ++discontinuity_sequence_;
  std::ranges::move(first.part_names, std::back_inserter(removed_));
  removed_.push_back(std::move(first.name));
  if (segments_.front().initialisation != first.initialisation) removed_.push_back(std::move(first.initialisation));
}

void Playlist::await_parts() {
  stale_ = true;
  awaited_ = {running_ ? part_name(running_sequence_, running_->next_part) : std::string{},
              part_name(running_ ? running_sequence_ + 1 : next_sequence_, 0)};
}

bool Playlist::awaits(std::string_view name) const noexcept {
  return !name.empty() && std::ranges::find(awaited_, name) != awaited_.end();
}

bool Playlist::has(const Position& position) const noexcept {
  const std::uint64_t next = next_number();
  const std::uint64_t running_parts = running_ ? running_->parts_in_all : 0;
  if (position.segment > next) return false;
  if (position.segment == next) return position.part && *position.part < running_parts;
  if (!position.part || position.segment + 1 < next) return true;
  // Section 6.2.5.2: a part beyond the segment's last is the first one of the segment that follows.
  return *position.part < segments_.back().parts_in_all || running_parts > 0;
}

bool Playlist::too_far(const Position& position) const noexcept {
  const std::uint64_t next = next_number();
  if (position.segment + 1 > next + kFurthest) return true;
  if (!position.part || position.segment < next) return false;
  const std::uint64_t there = position.segment == next && running_ ? running_->parts_in_all : 0;
  return *position.part >= there + advance_part_limit(part_target_);
}

std::vector<std::string> Playlist::take_removed() { return std::exchange(removed_, {}); }

std::string Playlist::segment_name(std::int64_t sequence) const {
  return prefix_ + "segment-" + std::to_string(sequence) + ".m4s";
}

std::string Playlist::part_name(std::int64_t sequence, std::int64_t part) const {
  return prefix_ + "segment-" + std::to_string(sequence) + "." + std::to_string(part) + ".m4s";
}

// Whether another part follows is known when the segment ends, a moment after its last part. Until then it goes by the
// length that segments have; who believed the hint waits for what was hinted.
const std::string& Playlist::hint() const noexcept {
  const bool goes_on = running_ && running_->duration + kShortestPart < options_.segment;
  return awaited_[goes_on ? 0 : 1];
}

const std::string& Playlist::text() {
  if (stale_) write();
  return text_;
}

const std::string& Playlist::delta() {
  if (stale_) write();
  return delta_.empty() ? text_ : delta_;
}

Playlist::Microseconds Playlist::skip_boundary() const noexcept { return kSkipBoundary * target_; }

bool Playlist::can_skip() const noexcept { return options_.dvr >= kWindowToSkip * target_; }

/// How many segments end beyond the Skip Boundary.
std::size_t Playlist::skippable() const noexcept {
  if (!can_skip() || ended_) return 0;
  microseconds to_the_end{};
  for (std::size_t count = segments_.size(); count > 0; --count) {
    if (to_the_end >= skip_boundary()) return count;
    to_the_end += segments_[count - 1].duration;
  }
  return 0;
}

std::string Playlist::header() const {
  std::string out = "#EXTM3U\n#EXT-X-VERSION:" + std::to_string(kVersion);
  out += "\n#EXT-X-TARGETDURATION:" + std::to_string(target_.count());
  out += "\n#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES";
  if (can_skip()) out += ",CAN-SKIP-UNTIL=" + seconds_text(skip_boundary());
  out += ",HOLD-BACK=" + seconds_text(kHoldBack * target_);
  out += ",PART-HOLD-BACK=" + seconds_text(kHoldBack * part_target_);
  out += "\n#EXT-X-PART-INF:PART-TARGET=" + seconds_text(part_target_);
  out += "\n#EXT-X-MEDIA-SEQUENCE:" + std::to_string(first_number_);
  out += "\n#EXT-X-DISCONTINUITY-SEQUENCE:" + std::to_string(discontinuity_sequence_) + "\n";
  if (independent_) out += "#EXT-X-INDEPENDENT-SEGMENTS\n";
  return out;
}

void Playlist::write() {
  const std::size_t skipped = skippable();
  text_ = header();
  delta_ = skipped > 0 ? text_ + "#EXT-X-SKIP:SKIPPED-SEGMENTS=" + std::to_string(skipped) + "\n" : std::string{};
  std::size_t kept_from = text_.size();
  // What brought the map may have been removed; it still applies.
  if (!segments_.empty() && !segments_.front().brings_map) text_ += map_line(segments_.front(), options_.query);
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    if (i == skipped && skipped > 0) kept_from = text_.size();
    text_.append(segments_[i].head).append(segments_[i].part_lines).append(segments_[i].media);
  }
  if (running_) text_.append(running_->head).append(running_->part_lines);
  text_ += ended_ ? "#EXT-X-ENDLIST\n" : "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"" + hint() + options_.query + "\"\n";
  if (skipped > 0) delta_.append(text_, kept_from);
  stale_ = false;
}

}  // namespace sluice::livestream
