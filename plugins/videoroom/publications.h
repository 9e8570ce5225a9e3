#pragma once

#include <map>
#include <memory>
#include <string>

#include "lifetime.h"
#include "requests.h"
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

  /// `{producerId, participantId, kind, source, paused, appData}`
  [[nodiscard]] json::object info() const;
};

/// What one participant sends. The room hears of each change.
class Publications {
 public:
  Publications(Context& context, Member& member, Transports& transports) noexcept
      : context_{context}, member_{member}, transports_{transports} {}

  [[nodiscard]] json::object produce(const Produce& request);
  void pause(const ProducerName& request);
  void resume(const ProducerName& request);
  void close(const ProducerName& request);
  void close_all_of(MediaSource source);
  void close_all();

  [[nodiscard]] const std::map<std::string, Publication, std::less<>>& entries() const noexcept { return entries_; }

 private:
  void check(const Produce& request) const;
  [[nodiscard]] Publication& find(const Id& id);
  [[nodiscard]] bool sends(MediaSource source) const;
  void remove(const std::string& id);
  void tell_others(std::string_view event, const std::string& producer_id);

  Context& context_;
  Member& member_;
  Transports& transports_;
  std::map<std::string, Publication, std::less<>> entries_;
  Lifeline lifeline_;
};

}  // namespace sluice::videoroom
