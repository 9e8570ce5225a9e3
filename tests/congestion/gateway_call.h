#pragma once

#include <chrono>
#include <cstdint>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/congestion/adaptive_source.h"
#include "tests/congestion/packet_log.h"
#include "tests/unit/core/media/worker/worker_call.h"

namespace sluice::congestion {

using simulation::Link;
using test::ClientNumber;
using namespace std::chrono_literals;

/// A camera that is published as a browser does it: three encodings of rising rate, each frame stamped with its
/// encoding and its time, key frames when they are asked for.
class SimulcastCamera {
 public:
  struct Encoding {
    const char* rid;
    Ssrc ssrc;
    DataRate rate;
  };

  /// Sends from the next frame on, for as long as the network runs.
  SimulcastCamera(simulation::SimulatedNetwork& network, simulation::SimulatedPeer& peer,
                  const std::vector<Encoding>& encodings);
  SimulcastCamera(const SimulcastCamera&) = delete;
  SimulcastCamera& operator=(const SimulcastCamera&) = delete;

  void stop() noexcept { running_ = false; }

 private:
  struct Running {
    Encoding encoding;
    simulation::MediaSource source;
    AdaptiveSource frames;
    std::size_t keyframes_answered = 0;
  };

  void tick();

  simulation::SimulatedNetwork& network_;
  simulation::SimulatedPeer& peer_;
  std::vector<Running> encodings_;
  bool running_ = true;
};

/// A publisher with camera and microphone, the gateway, and viewers who repair, report and show frames as browsers do.
class GatewayCall : public test::Call {
 public:
  static constexpr ClientNumber kPublisher = 1;
  static constexpr Duration kOneWay = 25ms;
  static constexpr std::uint8_t kTopLayer = 2;

  /// `name` is that of the trace, if one is asked for.
  explicit GatewayCall(const std::string& name, std::uint64_t seed = 1);

  /// Sees the camera and hears the microphone.
  void add_viewer(ClientNumber viewer);
  /// What goes from the gateway to the viewer from now on.
  void set_downlink(ClientNumber viewer, const Link& link);
  void set_uplink(ClientNumber viewer, const Link& link);
  /// Publisher to gateway, and back.
  void set_publisher_link(const Link& link);

  [[nodiscard]] const simulation::ReceiverModel::Stream& video(ClientNumber viewer) const;
  [[nodiscard]] const simulation::ReceiverModel::Stream& audio(ClientNumber viewer) const;
  [[nodiscard]] const simulation::PictureModel& picture(ClientNumber viewer) const { return video(viewer).picture; }
  /// Of the frame shown last; kTopLayer + 1 before the first.
  [[nodiscard]] std::uint8_t layer(ClientNumber viewer) const;
  /// From now until the viewer shows this layer, or `limit`.
  std::chrono::milliseconds run_until_layer(ClientNumber viewer, std::uint8_t layer, std::chrono::milliseconds limit);
  /// Of the video packets that were published in the window and meant for the viewer: those that came within `limit`.
  [[nodiscard]] double share_in_time(ClientNumber viewer, const Window& window, Duration limit) const;
  /// In the worst 5 s of the window.
  [[nodiscard]] std::size_t most_switches(ClientNumber viewer, const Window& window) const;
  [[nodiscard]] std::chrono::milliseconds longest_freeze(ClientNumber viewer, const Window& window) const;
  /// Waiting before the viewer's link, since forget_queue_delays().
  [[nodiscard]] std::chrono::milliseconds queue_delay(ClientNumber viewer, double quantile);
  void forget_queue_delays(ClientNumber viewer);

 private:
  void publish_media();
  void send_audio();
  void trace();

  simulation::SimulatedPeer& publisher_;
  ProducerKey camera_key_{7};
  ProducerKey microphone_key_{8};
  simulation::MediaSource microphone_;
  std::unique_ptr<SimulcastCamera> camera_;
  std::map<ClientNumber, simulation::SimulatedPeer*> viewers_;
  std::ofstream trace_;
};

}  // namespace sluice::congestion
