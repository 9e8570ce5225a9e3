#include "tests/load/plan.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <string>

namespace sluice::load {
namespace {

using namespace std::chrono_literals;

/// Layer 0 has a quarter or half of the packets of the best.
StreamShape layer_shape(StreamShape best, std::uint32_t layer, std::uint32_t layers) {
  best.packets_per_second = std::max(best.packets_per_second >> (layers - 1 - layer), best.bursts_per_second);
  return best;
}

class Planner {
 public:
  Planner(const Options& options, const Recording* recording) : options_{options}, recording_{recording} {}

  /// Room by room in turn, so that a join rate is spread over the rooms.
  Plan make() {
    for (std::uint32_t i = 0; i < options_.publishers; ++i) {
      for_each_room([&](std::uint32_t room) { plan_.senders.push_back(publisher(room, i, options_.publishers)); });
    }
    for (std::uint32_t i = 0; i < options_.participants; ++i) {
      for_each_room([&](std::uint32_t room) {
        Participant& added = plan_.receivers.emplace_back(publisher(room, i, options_.participants));
        added.subscribes = true;
        added.other_publishers = options_.publishers + options_.participants - 1;
      });
    }
    const std::uint32_t subscribers = options_.ramp ? options_.ramp->last : options_.subscribers;
    for (std::uint32_t i = 0; i < subscribers; ++i) {
      for_each_room([&](std::uint32_t room) {
        plan_.receivers.push_back({.number = count_++,
                                   .room = room_name(room),
                                   .tracks = {},
                                   .subscribes = true,
                                   .other_publishers = options_.publishers + options_.participants});
      });
    }
    return std::move(plan_);
  }

 private:
  template <class Visit>
  void for_each_room(Visit&& visit) {
    for (std::uint32_t room = 0; room < options_.rooms; ++room) visit(room);
  }

  std::string room_name(std::uint32_t room) const {
    return options_.rooms == 1 ? options_.room : options_.room + "-" + std::to_string(room + 1);
  }

  Participant publisher(std::uint32_t room, std::uint32_t index, std::uint32_t of) {
    Participant out{.number = count_++, .room = room_name(room), .tracks = {}};
    // Their bursts are spread evenly over time.
    const auto phase = [&](const StreamShape& shape) { return Duration{1s} / shape.bursts_per_second * index / of; };
    if (options_.audio) {
      Source& source = plan_.sources.add(room, MediaKind::audio);
      out.tracks.push_back({MediaKind::audio, {{&source, *options_.audio, phase(*options_.audio)}}});
    }
    if (!options_.video) return out;
    PublishedTrack track{MediaKind::video, {}};
    for (std::uint32_t layer = 0; layer < options_.simulcast; ++layer) {
      const StreamShape shape = layer_shape(*options_.video, layer, options_.simulcast);
      Source& source = plan_.sources.add(room, MediaKind::video);
      if (recording_ != nullptr) source.set_recorded();
      track.layers.push_back({&source, shape, phase(shape), recording_});
    }
    out.tracks.push_back(std::move(track));
    return out;
  }

  const Options& options_;
  const Recording* recording_;
  Plan plan_;
  std::uint32_t count_ = 0;
};

/// What `count` gives for all tracks of a room, and for each receiver without its own.
template <class Count>
std::uint64_t sum_for_receivers(const Plan& plan, std::size_t receivers, Count&& count) {
  const auto sent_by = [&](const Participant& participant) {
    std::uint64_t sum = 0;
    for (const PublishedTrack& track : participant.tracks) sum += count(track);
    return sum;
  };
  std::map<std::string, std::uint64_t> rooms;
  for (const Participant& sender : plan.senders) rooms[sender.room] += sent_by(sender);
  for (std::size_t i = 0; i < receivers; ++i) rooms[plan.receivers[i].room] += sent_by(plan.receivers[i]);
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < receivers; ++i) out += rooms[plan.receivers[i].room] - sent_by(plan.receivers[i]);
  return out;
}

}  // namespace

Plan make_plan(const Options& options, const Recording* recording) { return Planner{options, recording}.make(); }

std::uint64_t expected_packets(const Plan& plan, std::size_t receivers) {
  return sum_for_receivers(plan, receivers, [](const PublishedTrack& track) {
    std::uint64_t sum = 0;
    for (const PublishedStream& layer : track.layers) sum += layer.source->sent_in_window();
    return sum;
  });
}

std::uint64_t expected_streams(const Plan& plan, std::size_t receivers) {
  return sum_for_receivers(plan, receivers, [](const PublishedTrack&) { return std::uint64_t{1}; });
}

}  // namespace sluice::load
