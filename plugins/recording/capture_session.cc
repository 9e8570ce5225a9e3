#include "capture_session.h"

#include <algorithm>
#include <utility>

namespace sluice::recording {
namespace {

using namespace std::chrono_literals;

constexpr Duration kSpaceInterval = 1s;
/// A machine that loses its power loses this much, and what is not flushed.
constexpr Duration kSyncInterval = 2s;
constexpr Duration kQuickAgainAfter = 10s;

}  // namespace

CaptureSession::CaptureSession(const Setup& setup, JournalWriter journal, std::shared_ptr<CaptureLink> link,
                               FreeBytes free_bytes)
    : files_{.folder = setup.folder, .clock = SessionClock{setup.began}, .journal = std::move(journal)},
      least_free_bytes_{setup.least_free_bytes},
      link_{std::move(link)},
      free_bytes_{std::move(free_bytes)},
      now_{setup.began} {}

template <class Work>
void CaptureSession::guarded(Work work) {
  if (!writing_) return;
  try {
    work();
  } catch (const std::exception& error) {
    const auto refusal = disk_refusal(error, files_.folder);
    files_.journal.release_reserve();
    for (const auto& track : tracks_) track->abandon(files_.clock.us(now_), files_);
    stop_writing(refusal ? *refusal : "the recording cannot go on: " + std::string{error.what()});
  }
}

Instant CaptureSession::drain(Instant now) {
  if (closed_) return now;
  now_ = std::max(now_, now);
  for (CaptureCommand& command : link_->commands.take()) {
    std::visit([this](auto& one) { apply(std::move(one)); }, command);
  }
  drain_tracks();
  guarded([this] { check_space(); });
  guarded([this] { flush_and_sync(); });
  watch_speed();
  if (over_) end(*std::exchange(over_, std::nullopt));
  tell_figures();
  return now_;
}

void CaptureSession::close(std::string reason) {
  drain(now_);
  if (!closed_) end({.at_us = files_.clock.us(now_), .reason = std::move(reason)});
}

void CaptureSession::apply(JournalEntry&& entry) {
  const bool cuts = std::holds_alternative<SessionPaused>(entry) || std::holds_alternative<SessionResumed>(entry);
  if (!cuts && journal_is_long()) return;
  guarded([&] { files_.journal.append(entry); });
}

void CaptureSession::apply(TrackToWrite&& track) {
  if (writing_) tracks_.push_back(std::make_unique<TrackWriter>(std::move(track)));
}

void CaptureSession::apply(TrackOff&& off) {
  if (journal_is_long()) return;
  guarded([&] {
    if (TrackWriter* track = find(off.number)) track->set_paused(off.paused, off.at_us, files_);
  });
}

void CaptureSession::apply(TrackOver&& over) {
  TrackWriter* track = find(over.number);
  if (track == nullptr) return;
  guarded([&] {
    now_ = track->drain(now_, files_);
    track->finish(over.at_us, files_);
  });
  // Where the disk refused, it went with all others.
  if (find(over.number) == track) remove(*track);
}

void CaptureSession::apply(SessionOver&& over) { over_ = std::move(over); }

void CaptureSession::drain_tracks() {
  guarded([this] {
    for (const auto& track : tracks_) {
      now_ = track->drain(now_, files_);
      if (!track->take_key_frame_wish(now_)) continue;
      // Where it is lost for want of room, it comes again in a second.
      (void)link_->notices.push(KeyFrameWanted{track->number()}, IfFull::drop);
    }
  });
}

void CaptureSession::check_space() {
  if (space_checked_ && now_ - *space_checked_ < kSpaceInterval) return;
  space_checked_ = now_;
  const auto free = free_bytes_(files_.folder);
  if (!free || *free >= least_free_bytes_) return;
  for (const auto& track : tracks_) track->finish(files_.clock.us(now_), files_);
  stop_writing(nearly_full_text(files_.folder, *free, least_free_bytes_));
}

void CaptureSession::flush_and_sync() {
  for (const auto& track : tracks_) track->flush_if_due(now_);
  if (synced_ && now_ - *synced_ < kSyncInterval) return;
  synced_ = now_;
  for (const auto& track : tracks_) track->sync();
  files_.journal.sync();
}

void CaptureSession::watch_speed() {
  std::uint64_t drops = dropped_before_;
  for (const auto& track : tracks_) drops += track->dropped_packets();
  const bool more = drops > std::exchange(seen_drops_, drops);
  if (!writing_) return;
  if (more) {
    if (!last_drop_) tell(CaptureTrouble::disk_slow, "the disk is too slow: parts of the recording are missing");
    last_drop_ = now_;
  } else if (last_drop_ && now_ - *last_drop_ >= kQuickAgainAfter) {
    last_drop_.reset();
    tell(CaptureTrouble::none, "");
  }
}

/// The meeting goes on; what was written stays, and so does the journal, for which there is a reserve.
void CaptureSession::stop_writing(const std::string& text) {
  writing_ = false;
  files_.journal.release_reserve();
  while (!tracks_.empty()) remove(*tracks_.back());
  tell(CaptureTrouble::disk_full, text);
}

void CaptureSession::end(SessionOver over) {
  guarded([&] {
    for (const auto& track : tracks_) track->finish(over.at_us, files_);
  });
  while (!tracks_.empty()) remove(*tracks_.back());
  files_.journal.release_reserve();
  append_if_possible(SessionEnded{.at_us = over.at_us, .reason = std::move(over.reason)});
  closed_ = true;
  tell_figures();
  (void)link_->notices.push(FilesClosed{}, IfFull::keep);
}

void CaptureSession::append_if_possible(const JournalEntry& entry) noexcept {
  try {
    files_.journal.append(entry);
    files_.journal.sync();
  } catch (const std::exception&) {
    // A journal without its last lines is read as that of a gateway that was killed.
  }
}

bool CaptureSession::journal_is_long() const noexcept { return files_.journal.bytes() > JournalWriter::kManyBytes; }

TrackWriter* CaptureSession::find(TrackNumber number) noexcept {
  const auto found = std::ranges::find(tracks_, number, [](const auto& track) { return track->number(); });
  return found == tracks_.end() ? nullptr : found->get();
}

void CaptureSession::remove(const TrackWriter& track) {
  bytes_before_ += track.bytes();
  dropped_before_ += track.dropped_packets();
  lost_frames_before_ += track.lost_frames();
  std::erase_if(tracks_, [&](const auto& one) { return one.get() == &track; });
}

void CaptureSession::tell(CaptureTrouble trouble, std::string text) {
  // Once in ten seconds at most.
  (void)link_->notices.push(TroubleSeen{trouble, std::move(text)}, IfFull::keep);
}

void CaptureSession::tell_figures() {
  std::uint64_t bytes = bytes_before_ + files_.journal.bytes();
  std::uint64_t dropped = dropped_before_;
  std::uint64_t lost = lost_frames_before_;
  for (const auto& track : tracks_) {
    bytes += track->bytes();
    dropped += track->dropped_packets();
    lost += track->lost_frames();
  }
  link_->bytes = bytes;
  link_->dropped_packets = dropped;
  link_->lost_frames = lost;
}

}  // namespace sluice::recording
