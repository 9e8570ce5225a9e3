#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <chrono>
#include <exception>
#include <stdexcept>
#include <utility>

#include "tests/load/doors/door.h"
#include "tests/load/doors/http_client.h"
#include "tests/load/doors/sdp_text.h"

// WHIP (RFC 9725) to publish, WHEP (draft-ietf-wish-whep) to receive: one POST each, and nothing more to say.
namespace sluice::load {
namespace {

constexpr unsigned kCreated = 201;
constexpr std::size_t kQuotedBody = 200;

class WhipDoor final : public Door {
 public:
  explicit WhipDoor(const DoorServices& services) : services_{services} {}

  void enter(Participant participant) override {
    asio::co_spawn(services_.executor, run(std::move(participant)), asio::detached);
  }

  void stop() override { stopping_ = true; }

 private:
  asio::awaitable<void> run(Participant participant) {
    try {
      if (!participant.tracks.empty()) co_await publish(participant);
      if (participant.subscribes) co_await play(participant);
      services_.joined();
    } catch (const std::exception& error) {
      if (!stopping_) services_.failed(participant, error.what());
    }
  }

  asio::awaitable<void> publish(const Participant& participant) {
    std::vector<LocalMedia> sections;
    PeerOrder order;
    for (const PublishedTrack& track : participant.tracks) {
      OfferedMedia offered = offer_media(track, sections.size(), services_.identities);
      sections.push_back(std::move(offered.section));
      order.streams.insert(order.streams.end(), offered.streams.begin(), offered.streams.end());
    }
    co_await open("whip/" + participant.room, std::move(sections), std::move(order));
  }

  asio::awaitable<void> play(const Participant& participant) {
    std::vector<LocalMedia> sections;
    for (std::size_t i = 0; i < participant.other_publishers; ++i) {
      for (const MediaKind kind : services_.published_kinds) {
        sections.push_back(receiving_media(kind, sections.size(), services_.extensions));
      }
    }
    PeerOrder order;
    order.subscribes = true;
    co_await open("whep/" + participant.room, std::move(sections), std::move(order));
  }

  asio::awaitable<void> open(std::string target, std::vector<LocalMedia> sections, PeerOrder order) {
    order.join_started = std::chrono::steady_clock::now();
    const LocalEnd local{services_.identities.credentials(), services_.own_fingerprint};
    std::string offer = write_offer(local, sections);
    std::string path = services_.server.path + target;
    const HttpAnswer answer =
        co_await http_post(services_.executor, services_.server, std::move(path), "application/sdp", std::move(offer));
    if (answer.status != kCreated) {
      throw std::runtime_error{target + ": " + std::to_string(answer.status) + " " +
                               answer.body.substr(0, kQuotedBody)};
    }
    const SdpDescription remote = require_sdp(answer.body);
    apply_answer(remote, order.streams);
    order.remote = remote_end(remote);
    order.local = local.credentials;
    order.role = remote.setup == "active" ? DtlsRole::server : DtlsRole::client;
    order.seed = services_.identities.number();
    services_.open_peer(std::move(order));
  }

  DoorServices services_;
  bool stopping_ = false;
};

}  // namespace

std::unique_ptr<Door> make_whip_door(const DoorServices& services) { return std::make_unique<WhipDoor>(services); }

}  // namespace sluice::load
