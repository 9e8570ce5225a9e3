#include "production_track.h"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace sluice::recording {

namespace {

/// A track's first frame may belong before the moment in which its file was begun: it was waited for.
constexpr MediaTime kOpenAhead = std::chrono::seconds{3};
/// Packets came for so long after the file's last frame: it lacks them.
constexpr MediaTime kMaxSilence = std::chrono::seconds{5};
/// The journal says something of each living track every ten seconds: no media is later than its end by more.
constexpr MediaTime kMaxBeyondJournal = std::chrono::seconds{30};
constexpr MediaTime kLastFrame = std::chrono::milliseconds{20};

bool is_wanted(const SessionTrack& track, const Settings& settings) noexcept {
  if (track.is_camera()) return settings.video && settings.format != Format::mp3;
  if (track.is_screen()) return settings.screen_share && settings.format != Format::mp3;
  return settings.audio;
}

/// Which of a file's tracks is the one that the journal means; nothing: none.
std::optional<std::size_t> find_track(const media::FileReader& reader, MediaKind kind) {
  for (std::size_t i = 0; i < reader.tracks().size(); ++i) {
    if (media::is_video(reader.tracks()[i].codec) == (kind == MediaKind::video)) return i;
  }
  return std::nullopt;
}

/// Nothing: it can be read.
std::optional<std::string> problem_of(const SessionTrack& track, const std::optional<std::string>& path) {
  if (!path) return "the name of its file leads elsewhere";
  try {
    if (find_track(media::FileReader{*path}, track.began.kind)) return std::nullopt;
    return "its file holds something else";
  } catch (const std::exception& error) {
    return error.what();
  }
}

MediaTime end_of_file(const Session& session, const SessionTrack& track, const std::string& path) {
  MediaTime end{};
  media::FileReader reader{path};
  const auto wanted = find_track(reader, track.began.kind);
  while (const auto packet = reader.next()) {
    if (packet->track == wanted) end = std::max(end, session.time_of(track, packet->pts) + kLastFrame);
  }
  return end;
}

}  // namespace

MediaTime Missing::total(const Timeline& timeline) const {
  std::vector<Span> spans;
  for (const Span& span : spans_) {
    spans.push_back({timeline.product_time(span.begin), timeline.product_time(span.end)});
  }
  return total_length(std::move(spans));
}

std::optional<std::string> path_of(const SessionTrack& track, const std::string& folder) {
  const std::filesystem::path name{track.began.file};
  const bool plain = !name.empty() && name.filename() == name && name != "." && name != "..";
  return plain ? std::optional{(std::filesystem::path{folder} / name).string()} : std::nullopt;
}

Survey survey_files(const Session& session, const Settings& settings, const std::string& folder, Missing& missing) {
  Survey survey{.readable = std::vector<bool>(session.tracks.size(), false)};
  MediaTime last_media{};
  for (std::size_t i = 0; i < session.tracks.size(); ++i) {
    const SessionTrack& track = session.tracks[i];
    if (!is_wanted(track, settings)) continue;
    const auto path = path_of(track, folder);
    const auto problem = problem_of(track, path);
    if (!problem) {
      survey.readable[i] = true;
      if (!session.ended) last_media = std::max(last_media, end_of_file(session, track, *path));
      continue;
    }
    survey.problems.push_back("track " + track.began.track + " cannot be read: " + *problem);
    missing.add({track.begin, track.end.value_or(session.ended.value_or(session.last_entry))});
  }
  // Where there is no media at all, the journal knows how long it went on.
  const MediaTime latest = last_media > MediaTime::zero() ? last_media : session.last_entry;
  survey.end = session.ended.value_or(std::min(latest, session.last_entry + kMaxBeyondJournal));
  return survey;
}

TrackStream::TrackStream(const Session& session, std::size_t track, std::string path, Missing& missing)
    : session_{session}, track_{track}, path_{std::move(path)}, missing_{missing} {}

std::optional<TrackStream::Frame> TrackStream::next(MediaTime until) {
  if (state_ == State::closed && until + kOpenAhead >= track().begin) open();
  if (state_ == State::open && !ahead_) read();
  if (!ahead_ || ahead_->at > until) return std::nullopt;
  return std::exchange(ahead_, std::nullopt);
}

void TrackStream::open() {
  try {
    reader_.emplace(path_);
    const auto found = find_track(*reader_, track().began.kind);
    state_ = found ? State::open : State::ended;
    wanted_ = found.value_or(0);
    if (found) format_ = reader_->tracks()[wanted_];
  } catch (const media::MediaError&) {
    state_ = State::ended;  // the survey has told of it
  }
}

void TrackStream::read() {
  while (auto packet = reader_->next()) {
    if (packet->track != wanted_) continue;
    last_ = time_of(packet->pts);
    ahead_ = Frame{std::move(*packet), last_};
    return;
  }
  reader_.reset();
  state_ = State::ended;
  if (track().last_packet > last_ + kMaxSilence) missing_.add({last_, track().last_packet});
}

}  // namespace sluice::recording
