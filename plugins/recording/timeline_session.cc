#include "timeline_session.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace sluice::recording {

namespace {

std::optional<std::uint64_t> ntp_of(const std::optional<std::string>& decimal) {
  if (!decimal || decimal->empty() || decimal->size() > 20) return std::nullopt;
  std::uint64_t value = 0;
  for (const char digit : *decimal) {
    if (digit < '0' || digit > '9') return std::nullopt;
    const auto add = static_cast<std::uint64_t>(digit - '0');
    if (value > (std::numeric_limits<std::uint64_t>::max() - add) / 10) return std::nullopt;
    value = value * 10 + add;
  }
  return value;
}

void begin_pause(std::vector<Span>& pauses, MediaTime at) {
  if (pauses.empty() || pauses.back().end != MediaTime::max()) pauses.push_back({at, MediaTime::max()});
}

void end_pause(std::vector<Span>& pauses, MediaTime at) {
  if (!pauses.empty() && pauses.back().end == MediaTime::max()) pauses.back().end = at;
}

/// Of a packet of the track's file.
std::int64_t timestamp_of(const TrackBegan& track, MediaTime pts) noexcept {
  return track.first_timestamp + std::llround(static_cast<double>(pts.count()) * track.clock_rate / 1e6);
}

/// Takes the entries in the order of time.
class SessionReader {
 public:
  explicit SessionReader(Session& session) : session_{session} {}

  void operator()(const SessionBegan& entry) { session_.began = entry; }
  void operator()(const ParticipantCame& entry) {
    if (present_.insert(entry.participant).second) ++stays_[entry.participant];
    session_.changes.emplace_back(entry);
  }
  void operator()(const ParticipantWent& entry) {
    present_.erase(entry.participant);
    session_.changes.emplace_back(entry);
  }
  void operator()(const TrackBegan& entry) {
    if (!tracks_.emplace(entry.track, session_.tracks.size()).second) return;
    const std::size_t sender = sender_of(entry.participant);
    session_.senders[sender].add_track(entry.track, entry.clock_rate);
    session_.tracks.push_back(
        {.began = entry, .begin = MediaTime{entry.at_us}, .last_packet = MediaTime{entry.at_us}, .sender = sender});
    session_.changes.emplace_back(entry);
  }
  void operator()(const ClockSeen& entry) {
    SessionTrack* track = find(entry.track);
    if (track == nullptr) return;
    track->last_packet = std::max(track->last_packet, MediaTime{entry.arrival_us});
    session_.senders[track->sender].add_point(
        entry.track, {.timestamp = entry.timestamp, .arrival = MediaTime{entry.arrival_us}, .ntp = ntp_of(entry.ntp)});
  }
  void operator()(const TrackPaused& entry) {
    SessionTrack* track = find(entry.track);
    if (track == nullptr) return;
    entry.paused ? begin_pause(track->pauses, MediaTime{entry.at_us})
                 : end_pause(track->pauses, MediaTime{entry.at_us});
    session_.changes.emplace_back(entry);
  }
  void operator()(const PictureTurned& entry) {
    SessionTrack* track = find(entry.track);
    const auto turn = media::turn_by(entry.degrees);
    if (track == nullptr || !turn) return;
    // A sender may set its timestamps back; its file goes on all the same.
    const std::int64_t least = track->turns.empty() ? entry.timestamp : track->turns.back().timestamp;
    track->turns.push_back({.timestamp = std::max(entry.timestamp, least), .turn = *turn});
  }
  void operator()(const TrackEnd& entry) {
    SessionTrack* track = find(entry.track);
    if (track == nullptr || track->end) return;
    track->end = MediaTime{entry.at_us};
    session_.changes.emplace_back(entry);
  }
  void operator()(const SpeakerLed& entry) { session_.changes.emplace_back(entry); }
  void operator()(const LayoutChanged& entry) { session_.changes.emplace_back(entry); }
  void operator()(const ChatSaid& entry) { session_.chat.push_back(entry); }
  void operator()(const SessionPaused& entry) { begin_pause(session_.pauses, MediaTime{entry.at_us}); }
  void operator()(const SessionResumed& entry) { end_pause(session_.pauses, MediaTime{entry.at_us}); }
  void operator()(const SessionEnded& entry) { session_.ended = MediaTime{entry.at_us}; }

 private:
  SessionTrack* find(const std::string& track) {
    const auto found = tracks_.find(track);
    return found == tracks_.end() ? nullptr : &session_.tracks[found->second];
  }
  std::size_t sender_of(const std::string& participant) {
    const auto [sender, added] = senders_.emplace(std::pair{participant, stays_[participant]}, senders_.size());
    if (added) session_.senders.emplace_back();
    return sender->second;
  }

  Session& session_;
  std::map<std::string, std::size_t> tracks_;
  std::set<std::string> present_;
  std::map<std::string, int> stays_;
  std::map<std::pair<std::string, int>, std::size_t> senders_;
};

}  // namespace

std::optional<MediaTime> time_of(const JournalEntry& entry) noexcept {
  return std::visit(
      [](const auto& one) -> std::optional<MediaTime> {
        if constexpr (requires { one.at_us; }) return MediaTime{one.at_us};
        return std::nullopt;
      },
      entry);
}

bool SessionTrack::is_paused(MediaTime at) const noexcept {
  return std::ranges::any_of(pauses, [at](const Span& pause) { return pause.begin <= at && at < pause.end; });
}

media::Turn SessionTrack::turn_at(MediaTime pts) const noexcept {
  // Files of Matroska keep milliseconds: the frame that a turn begins with may seem to be before it.
  constexpr MediaTime kRounding = std::chrono::milliseconds{1};
  const auto after = std::ranges::upper_bound(turns, timestamp_of(began, pts + kRounding), {}, &TurnFrom::timestamp);
  return after == turns.begin() ? media::Turn::none : (after - 1)->turn;
}

MediaTime Session::time_of(const SessionTrack& track, MediaTime pts) const {
  const auto time = senders[track.sender].time_of(track.began.track, timestamp_of(track.began, pts));
  return time.value_or(track.begin + pts);
}

std::string Session::name_of(const std::string& participant) const {
  for (auto entry = changes.rbegin(); entry != changes.rend(); ++entry) {
    const auto* came = std::get_if<ParticipantCame>(&*entry);
    if (came != nullptr && came->participant == participant) return came->name;
  }
  return {};
}

std::size_t Session::count_participants() const {
  std::set<std::string> ids;
  for (const JournalEntry& entry : changes) {
    if (const auto* came = std::get_if<ParticipantCame>(&entry)) ids.insert(came->participant);
  }
  for (const SessionTrack& track : tracks) ids.insert(track.began.participant);
  return ids.size();
}

Session read_session(std::span<const JournalEntry> entries) {
  // What is seen on several ways is written in nearly the order in which it happened. Points of clocks come as they
  // are, as they belong to a track that has begun.
  std::vector<const JournalEntry*> ordered;
  ordered.reserve(entries.size());
  for (const JournalEntry& entry : entries) {
    if (!std::holds_alternative<ClockSeen>(entry)) ordered.push_back(&entry);
  }
  std::ranges::stable_sort(ordered, {}, [](const JournalEntry* entry) {
    return time_of(*entry).value_or(MediaTime::min());  // SessionBegan
  });

  Session session;
  SessionReader reader{session};
  for (const JournalEntry* entry : ordered) {
    std::visit(reader, *entry);
    session.last_entry = std::max(session.last_entry, time_of(*entry).value_or(MediaTime::zero()));
  }
  for (const JournalEntry& entry : entries) {
    const auto* seen = std::get_if<ClockSeen>(&entry);
    if (seen == nullptr) continue;
    reader(*seen);
    session.last_entry = std::max(session.last_entry, MediaTime{seen->arrival_us});
  }
  return session;
}

}  // namespace sluice::recording
