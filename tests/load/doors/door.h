#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/load/doors/door_kind.h"
#include "tests/load/doors/endpoint.h"
#include "tests/load/load_peer.h"
#include "tests/load/stream_shape.h"

namespace sluice::load {

namespace asio = boost::asio;

/// A stream that a participant publishes; several of one track are the layers of its simulcast, best last.
struct PublishedStream {
  Source* source = nullptr;
  StreamShape shape;
  Duration phase{};
  const Recording* recording = nullptr;  ///< in place of the shape
};

struct PublishedTrack {
  MediaKind kind = MediaKind::video;
  std::vector<PublishedStream> layers;
};

/// One participant to bring into a room.
struct Participant {
  std::uint32_t number = 0;
  std::string room;
  std::vector<PublishedTrack> tracks;  ///< none: receives only
  bool subscribes = false;             ///< to all that others publish in its room
  std::size_t other_publishers = 0;    ///< in its room, all with the same tracks
};

/// Random names and numbers of a participant's connections.
class Identities {
 public:
  explicit Identities(std::uint64_t seed) noexcept : state_{seed} {}
  [[nodiscard]] std::uint64_t number() noexcept;
  [[nodiscard]] Ssrc ssrc() noexcept { return Ssrc{static_cast<std::uint32_t>(number() | 1)}; }
  [[nodiscard]] IceCredentials credentials();

 private:
  std::string text(std::size_t size);
  std::uint64_t state_;
};

/// What a door needs of the generator. One thread.
struct DoorServices {
  asio::any_io_executor executor;
  Endpoint server;
  Fingerprint own_fingerprint;
  std::function<void(PeerOrder)> open_peer;
  std::function<void(IceRestart)> restart_ice;
  Duration restart_interval{};   ///< of ICE, each connection; zero: never
  std::function<void()> joined;  ///< signalling of a participant is complete
  std::function<void(const Participant&, const std::string& reason)> failed;
  Identities& identities;
  std::vector<MediaKind> published_kinds;  ///< the tracks of each publisher
  std::vector<std::string> extensions;     ///< URIs of RTP header extensions that subscribers take
};

/// A way into a server: its signalling protocol. Implementations are sessions that run until stop().
class Door {
 public:
  virtual ~Door() = default;
  /// Brings the participant in and stays with it: keeps its signalling alive, takes what others publish later.
  /// Failures are told to DoorServices::failed.
  virtual void enter(Participant participant) = 0;
  /// Ends all signalling.
  virtual void stop() = 0;
};

[[nodiscard]] std::unique_ptr<Door> make_door(DoorKind kind, const DoorServices& services);
[[nodiscard]] std::unique_ptr<Door> make_web_socket_door(const DoorServices& services);
[[nodiscard]] std::unique_ptr<Door> make_whip_door(const DoorServices& services);
[[nodiscard]] std::unique_ptr<Door> make_janus_door(const DoorServices& services);

}  // namespace sluice::load
