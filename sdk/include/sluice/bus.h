#pragma once

#include <string_view>
#include <utility>

#include "sluice/function.h"

namespace sluice {

/// Typed events between plugins, by topic. An event is a plain struct that names its topic:
///
///     struct ParticipantJoined {
///       static constexpr std::string_view kTopic = "sluice.rooms/1:participant-joined";
///       Participant& participant;
///     };
///
/// The topic carries the contract's version: publisher and subscriber are compiled apart, and a changed struct needs a
/// new topic. Contracts (`sluice/contracts/`) declare the events that plugins share.
/// @note Control thread only. Publishing runs the subscribers in the order in which they came, before it returns; what
/// a subscriber throws is logged and does not reach the publisher.
class Bus {
 public:
  using RawHandler = Function<void(const void* event)>;

  virtual ~Bus() = default;

  template <class Event, class Handler>
  void on(Handler handler) {
    subscribe(Event::kTopic, [handler = std::move(handler)](const void* event) mutable {
      handler(*static_cast<const Event*>(event));
    });
  }

  template <class Event>
  void publish(const Event& event) {
    publish_raw(Event::kTopic, &event);
  }

  virtual void subscribe(std::string_view topic, RawHandler handler) = 0;
  virtual void publish_raw(std::string_view topic, const void* event) = 0;
};

}  // namespace sluice
