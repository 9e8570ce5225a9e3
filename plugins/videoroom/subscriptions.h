#pragma once

#include <map>
#include <memory>
#include <string>

#include "lifetime.h"
#include "requests.h"
#include "sluice/media.h"
#include "viewing.h"

namespace sluice::videoroom {

struct Context;
class Member;
class Transports;

/// What one participant receives.
class Subscriptions {
 public:
  Subscriptions(Context& context, Member& member, Transports& transports) noexcept
      : context_{context}, member_{member}, transports_{transports}, viewing_{member} {}

  [[nodiscard]] json::object consume(const Consume& request);
  void pause(const ConsumerName& request) { find(request.consumer_id).pause(); }
  void resume(const ConsumerName& request) { find(request.consumer_id).resume(); }
  void close(const ConsumerName& request);
  void set_priority(const SetPriority& request);
  void request_key_frame(const ConsumerName& request) { find(request.consumer_id).request_key_frame(); }
  void set_layers(const SetLayers& request);
  void change_quality(const ChangeQuality& request);
  void pin(const PinParticipant& request);
  /// Takes over what the room and the client say of the consumer now, after its producer has changed.
  void weigh(Consumer& consumer) { viewing_.apply(consumer); }
  void weigh_all();
  void close_all();

  /// For the peer connection, whose client knows m-sections instead of consumers: who calls watches the consumer, and
  /// drops it. Throws LIMIT_EXCEEDED, and what Transport::consume throws.
  Consumer& subscribe(Transport& transport, const ConsumeOptions& options);
  void drop(const std::string& consumer_id);

  [[nodiscard]] const std::map<std::string, std::unique_ptr<Consumer>, std::less<>>& entries() const noexcept {
    return entries_;
  }
  [[nodiscard]] const Viewing& viewing() const noexcept { return viewing_; }

 private:
  [[nodiscard]] Consumer& find(const Id& id);
  [[nodiscard]] Consumer& find_video(const Id& id);
  void watch(Consumer& consumer);
  void watch_quality(Consumer& consumer);
  void tell_layers(const std::string& id, const LayersChange& layers);
  [[nodiscard]] json::object name_of(const Consumer& consumer) const;
  void ended(const std::string& id, ConsumerEnd end);

  Context& context_;
  Member& member_;
  Transports& transports_;
  Viewing viewing_;
  std::map<std::string, std::unique_ptr<Consumer>, std::less<>> entries_;
  Lifeline lifeline_;
};

/// `{spatialLayer, temporalLayer, target, reason}`: the layers are null where nothing is sent.
[[nodiscard]] json::object layers_info(const LayersChange& layers);

}  // namespace sluice::videoroom
