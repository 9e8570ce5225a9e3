#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "capture.h"
#include "capture_events.h"
#include "capture_messages.h"
#include "capture_writer.h"
#include "sluice/lifeline.h"
#include "sluice/timers.h"

namespace sluice::recording {

/// The control side of one capture: decides which tracks are tapped and what the journal says of the room.
/// @note Control thread only.
class RoomCapture final : public Capture, private CaptureEvents::Listener {
 public:
  /// At once, and in all: there may be more of them, which are left out.
  static constexpr std::size_t kMaxTracks = 512;
  static constexpr TrackNumber kMaxTracksInAll = 8'192;
  /// Of one participant in all: who comes and goes must not use up what others need.
  static constexpr std::size_t kMaxTracksOfOne = 256;
  static constexpr std::size_t kVideoQueueBytes = std::size_t{1} << 20;
  static constexpr std::size_t kAudioQueueBytes = std::size_t{64} << 10;

  RoomCapture(Host& host, MediaTaps& taps, CaptureWriter& writer, Room& room, const CaptureSpec& spec, Consent consent,
              std::shared_ptr<CaptureLink> link);
  ~RoomCapture() override;
  RoomCapture(const RoomCapture&) = delete;
  RoomCapture& operator=(const RoomCapture&) = delete;

  // Capture
  void pause() override;
  void resume() override;
  void set_layout(Layout layout) override;
  void note_chat(std::string_view name, std::string_view text) override;
  void set_taken(std::string_view participant_id, bool taken) override;
  void end(std::string_view reason, Function<void()> done) override;
  [[nodiscard]] CaptureFigures figures() const override;
  void on_trouble(Function<void(CaptureTrouble, std::string)> callback) override;

 private:
  struct Tapped {
    TrackNumber number;
    std::string participant;
    std::unique_ptr<Tap> tap;
  };
  using TappedById = std::map<std::string, Tapped, std::less<>>;

  // CaptureEvents::Listener
  void on_published(const PublishedTrack& track) override;
  void on_changed(const PublishedTrack& track) override;
  void on_ended(const PublishedTrack& track) override;
  void on_speaker(std::string_view participant_id) override;
  void on_joined(Participant& participant) override;
  void on_left(Participant& participant) override;
  void on_room_closed() override;

  [[nodiscard]] bool is_taken(std::string_view participant_id) const;
  [[nodiscard]] bool is_wanted(const PublishedTrack& track) const;
  [[nodiscard]] bool has_room_for(const PublishedTrack& track) const;
  void take_in(Participant& participant);
  void leave_out(std::string_view participant_id);
  void begin_track(const PublishedTrack& track);
  void end_track(TappedById::iterator track);
  void end_tracks_of(std::string_view participant_id);
  void end_all_tracks();
  void watch_end(Tap& tap, const std::string& producer_id);
  void note(JournalEntry entry);
  void tick();
  void handle(const KeyFrameWanted& wanted);
  void handle(const TroubleSeen& seen);
  void handle(const FilesClosed& closed);
  [[nodiscard]] std::int64_t at_us() const;

  Host& host_;
  MediaTaps& taps_;
  CaptureWriter& writer_;
  Room* room_;  // nullptr: it is closed, or the capture has ended
  Settings settings_;
  Consent consent_;
  std::shared_ptr<CaptureLink> link_;  // shared with the writer
  SessionClock clock_;
  Instant began_;
  Timer timer_;
  TappedById tapped_;
  std::vector<std::string> closed_producers_;  // whose taps go at the next tick: they may be calling
  std::map<std::string, bool, std::less<>> taken_;
  std::set<std::string, std::less<>> present_;  // in the journal
  std::map<std::string, std::size_t, std::less<>> tracks_of_;
  std::string speaker_;  // in the journal
  TrackNumber last_number_ = 0;
  bool writing_ = true;
  bool over_ = false;
  std::optional<Instant> paused_since_;
  Duration paused_{};
  std::optional<Instant> ended_at_;
  Function<void()> done_;
  Function<void(CaptureTrouble, std::string)> on_trouble_;
  Lifeline lifeline_;
};

}  // namespace sluice::recording
