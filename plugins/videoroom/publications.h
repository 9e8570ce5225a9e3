#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lifetime.h"
#include "requests.h"
#include "sluice/contracts/media_taps.h"
#include "sluice/contracts/rooms.h"
#include "sluice/media.h"

namespace sluice::videoroom {

struct Context;
class Member;
class Transports;

/// One track that a participant sends into the room.
struct Publication {
  std::unique_ptr<Producer> producer;
  MediaSource source = MediaSource::mic;
  std::string participant_id;
  json::object app_data;

  std::uint64_t number = 0;  ///< the room's: who was published earlier has a smaller one

  /// `{producerId, participantId, kind, source, paused, appData}`
  [[nodiscard]] json::object info() const;
  /// The same for plugins.
  [[nodiscard]] PublishedTrack track() const;
};

/// What its owner must be allowed; of sound, whatever its source, also `publish_audio`.
[[nodiscard]] constexpr Permission permission_for(MediaSource source) noexcept {
  switch (source) {
    case MediaSource::mic:
      return Permission::publish_audio;
    case MediaSource::webcam:
      return Permission::publish_video;
    case MediaSource::screen:
      break;
  }
  return Permission::share_screen;
}

/// What a participant wants to send.
struct TrackWish {
  MediaKind kind = MediaKind::audio;
  RtpParameters rtp_parameters;
  MediaSource source = MediaSource::mic;
  bool paused = false;
  json::object app_data;
};

/// A track that is there, and that nobody has been told of.
struct DraftPublication {
  std::unique_ptr<Producer> producer;
  MediaSource source = MediaSource::mic;
  json::object app_data;
};

/// What one participant sends. The room hears of each change, and then plugins do, which may do anything by it: take
/// tracks or the participant away.
class Publications {
 public:
  Publications(Context& context, Member& member, Transports& transports) noexcept
      : context_{context}, member_{member}, transports_{transports} {}

  [[nodiscard]] json::object produce(const Produce& request);
  void pause(const ProducerName& request);
  void resume(const ProducerName& request);
  void close(const ProducerName& request);
  /// Producing in two steps, for those who publish several tracks or none. `others`: how many this participant will
  /// have besides.
  [[nodiscard]] DraftPublication draft(Transport& transport, TrackWish wish, std::size_t others);
  /// Nothing happens where the participant has gone since. @return the producer's id.
  std::string publish(DraftPublication draft);
  /// Nothing happens where there is no such producer.
  void remove(const std::string& producer_id);
  /// The same where the producer's names are wanted again at once: not while a callback of it runs.
  void remove_at_once(const std::string& producer_id);
  void close_all_of(MediaSource source);
  /// Of what its participant's role may not send: its client, and the others, are told.
  void close_forbidden();
  /// Of what a moderator holds.
  void pause_held();
  /// `media:toggle` of all that comes from there; nothing happens where nothing does.
  void toggle(MediaSource source, bool enabled);
  void close_all();

  [[nodiscard]] const std::map<std::string, Publication, std::less<>>& entries() const noexcept { return entries_; }

 private:
  void check(const TrackWish& wish, std::size_t others) const;
  [[nodiscard]] Publication& find(const Id& id);
  void pause(Publication& publication);
  void resume(Publication& publication);
  void changed(const Publication& publication);
  /// Of those that `condition(publication)` holds for; a walk over these stands whatever becomes of entries_.
  template <class Condition>
  [[nodiscard]] std::vector<std::string> ids_where(Condition condition) const {
    std::vector<std::string> ids;
    for (const auto& [id, publication] : entries_) {
      if (condition(publication)) ids.push_back(id);
    }
    return ids;
  }
  [[nodiscard]] bool sends(MediaSource source) const;
  std::unique_ptr<Producer> take_out(const std::string& producer_id);
  void tell_others(std::string_view event, const std::string& producer_id);

  Context& context_;
  Member& member_;
  Transports& transports_;
  std::map<std::string, Publication, std::less<>> entries_;
  Lifeline lifeline_;
};

}  // namespace sluice::videoroom
