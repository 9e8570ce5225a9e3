#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "sluice/bus.h"
#include "sluice/contracts/media_taps.h"
#include "sluice/contracts/rooms.h"

namespace sluice::recording {

/// What happens in the rooms that are captured. The bus takes no handler back, so that there is one set of them for all
/// captures that ever are.
/// @note Control thread only.
class CaptureEvents {
 public:
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void on_published(const PublishedTrack& track) = 0;
    virtual void on_changed(const PublishedTrack& track) = 0;
    virtual void on_ended(const PublishedTrack& track) = 0;
    virtual void on_speaker(std::string_view participant_id) = 0;
    virtual void on_joined(Participant& participant) = 0;
    virtual void on_left(Participant& participant) = 0;
    virtual void on_room_closed() = 0;
  };

  /// Once for each bus.
  void subscribe(Bus& bus);
  void add(const Room& room, Listener& listener);
  void remove(const Listener& listener) noexcept;

 private:
  struct Entry {
    const Room* room;
    Listener* listener;
  };
  using Entries = std::vector<Entry>;

  template <class Event, class Handle>
  void on(Bus& bus, Handle handle);

  const Bus* bus_ = nullptr;
  // Owners: this, and weakly the handlers on the bus, which outlive it.
  std::shared_ptr<Entries> entries_ = std::make_shared<Entries>();
};

}  // namespace sluice::recording
