#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "feed/feed.h"
#include "feed/feed_link.h"
#include "feed/room_changes.h"
#include "sluice/timers.h"

namespace sluice::livestream {

/// The control side of a feed. It looks at the room and tells the job what differs from what it was told last: so
/// whatever had no place in the queue, or was over the limits, is told as soon as there is one.
/// @note Control thread only.
class RoomFeed final : public Feed {
 public:
  /// At once; others are taken when one of them goes.
  static constexpr std::size_t kMaxTracks = 64;
  static constexpr std::size_t kMaxVideos = 32;
  /// Who sends nothing is not told of beyond these.
  static constexpr std::size_t kMaxPeople = 900;
  static constexpr std::size_t kVideoQueueBytes = std::size_t{1} << 20;
  static constexpr std::size_t kAudioQueueBytes = std::size_t{64} << 10;
  /// Key frames of one track.
  static constexpr Duration kKeyFramesApart = std::chrono::milliseconds{500};
  /// How long changes are gathered.
  static constexpr Duration kTick = std::chrono::milliseconds{50};

  RoomFeed(Host& host, MediaTaps& taps, FeedThread& thread, Room& room, std::shared_ptr<JobRecords> records);
  ~RoomFeed() override;
  RoomFeed(const RoomFeed&) = delete;
  RoomFeed& operator=(const RoomFeed&) = delete;

  void request_key_frame(TrackNumber track) override;
  [[nodiscard]] Figures figures() const override;

 private:
  struct Tapped {
    TrackNumber number = 0;
    MediaKind kind = MediaKind::audio;
    bool paused = false;  // as the job was told
    std::unique_ptr<Tap> tap{};
    Instant key_frame_at{};  // asked for last
    bool key_frame_wanted = false;
  };
  using Tracks = std::vector<PublishedTrack>;
  using TappedById = std::map<std::string, Tapped, std::less<>>;  // of the producer

  void tick();
  void look();
  void end_tracks_but(const Tracks& tracks);
  void tell_who_left();
  void tell_who_is_there();
  void tell_states(const Tracks& tracks);
  void begin_tracks(const Tracks& tracks);
  void tell_speaker();

  bool introduce(const Participant& participant);
  [[nodiscard]] bool has_room_for(MediaKind kind) const;
  bool make_room_for(MediaKind kind);
  void begin_track(const PublishedTrack& track);
  void add_tap(const PublishedTrack& track, std::unique_ptr<Tap> tap);
  TappedById::iterator end_track(TappedById::iterator track);
  void ask_for_key_frame(Tapped& track);
  bool tell(FeedOrder order);

  Host& host_;
  MediaTaps& taps_;
  Room& room_;
  std::shared_ptr<FeedLink> link_;      // shared with the thread that writes
  std::shared_ptr<RoomChange> change_;  // shared with the taps' callbacks, which may come while these are destroyed
  std::map<std::string, std::string, std::less<>> people_;  // by id: the names that the job was told
  TappedById tapped_;
  std::set<std::string, std::less<>> refused_;  // producers that cannot be tapped
  std::string speaker_;                         // as the job was told
  TrackNumber last_number_ = 0;
  Timer timer_;
};

}  // namespace sluice::livestream
