#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <exception>
#include <functional>
#include <map>
#include <stdexcept>
#include <utility>

#include "tests/load/doors/door.h"
#include "tests/load/doors/janus_client.h"
#include "tests/load/doors/sdp_text.h"

// Janus' videoroom plugin, https://janus.conf.meetecho.com/docs/videoroom.html: a publisher's handle is joined and
// configured with an offer; a subscriber's handle joins with feeds, and answers the offer that it gets.
namespace sluice::load {
namespace {

constexpr int kRoomExists = 427;
constexpr int kNoSuchFeed = 428;
constexpr std::chrono::milliseconds kFeedPoll{10};

/// Who publishes where, by Janus' feed ids. Subscribers take what their room should have all at once, which spares
/// Janus a renegotiation for each.
using Feeds = std::map<std::string, std::vector<std::uint64_t>>;

/// Janus' rooms have numbers.
std::uint64_t room_number(const std::string& name) { return 1 + std::hash<std::string>{}(name) % 1'000'000'000; }

json::value jsep(const char* type, std::string sdp) { return json::object{{"type", type}, {"sdp", std::move(sdp)}}; }

class JanusSession {
 public:
  JanusSession(const DoorServices& services, Feeds& feeds, Participant participant)
      : services_{services}, feeds_{feeds}, participant_{std::move(participant)}, client_{services.executor} {}

  asio::awaitable<void> run() {
    try {
      started_ = std::chrono::steady_clock::now();
      co_await client_.connect(services_.server);
      if (!participant_.tracks.empty()) co_await publish();
      if (participant_.subscribes) co_await subscribe();
      services_.joined();
      co_await client_.idle();
    } catch (const std::exception& error) {
      if (!stopping_) services_.failed(participant_, error.what());
    }
  }

  void stop() {
    stopping_ = true;
    client_.close();
  }

 private:
  asio::awaitable<void> create_room(std::uint64_t handle) {
    json::object create{{"request", "create"},       {"room", room_number(participant_.room)},
                        {"publishers", 1000},        {"audiocodec", "opus"},
                        {"videocodec", "vp8"},       {"notify_joining", false},
                        {"audiolevel_ext", false},   {"videoorient_ext", false},
                        {"playoutdelay_ext", false}, {"transport_wide_cc_ext", false}};
    try {
      co_await client_.request(handle, std::move(create), nullptr);
    } catch (const JanusError& error) {
      if (error.code() != kRoomExists) throw;
    }
  }

  asio::awaitable<void> publish() {
    const std::uint64_t handle = co_await client_.attach();
    co_await create_room(handle);
    const LocalEnd local{services_.identities.credentials(), services_.own_fingerprint};
    std::vector<LocalMedia> sections;
    PeerOrder order;
    for (const PublishedTrack& track : participant_.tracks) {
      OfferedMedia offered = offer_media(track, sections.size(), services_.identities);
      sections.push_back(std::move(offered.section));
      order.streams.insert(order.streams.end(), offered.streams.begin(), offered.streams.end());
    }
    json::object join{{"request", "joinandconfigure"},
                      {"ptype", "publisher"},
                      {"room", room_number(participant_.room)},
                      {"display", "load"}};
    json::value offer = jsep("offer", write_offer(local, sections));
    const JanusClient::Answer joined = co_await client_.request(handle, std::move(join), std::move(offer));
    own_feed_ = joined.data.at("id").to_number<std::uint64_t>();
    const SdpDescription answer = require_sdp(joined.jsep);
    apply_answer(answer, order.streams);
    open_peer(std::move(order), local, answer);
    co_await client_.complete_candidates(handle);
    feeds_[participant_.room].push_back(own_feed_);
  }

  asio::awaitable<void> subscribe() {
    const std::uint64_t handle = co_await client_.attach();
    const JanusClient::Answer attached = co_await attach_subscriber(handle, co_await others_feeds());
    const SdpDescription offer = require_sdp(attached.jsep);

    const LocalEnd local{services_.identities.credentials(), services_.own_fingerprint};
    json::object start{{"request", "start"}};
    json::value answer = jsep("answer", write_answer(local, offer, services_.extensions));
    PeerOrder order;
    order.subscribes = true;
    co_await client_.request(handle, std::move(start), std::move(answer));
    co_await client_.complete_candidates(handle);
    open_peer(std::move(order), local, offer);
  }

  /// A publisher whose media has not begun is not there yet, for Janus.
  asio::awaitable<JanusClient::Answer> attach_subscriber(std::uint64_t handle, std::vector<std::uint64_t> feeds) {
    json::array streams;
    for (const std::uint64_t feed : feeds) streams.push_back(json::object{{"feed", feed}});
    for (;;) {
      // The join of one that publishes, too, is measured without the wait for the others.
      if (!participant_.tracks.empty()) started_ = std::chrono::steady_clock::now();
      json::object join{
          {"request", "join"}, {"ptype", "subscriber"}, {"room", room_number(participant_.room)}, {"streams", streams}};
      try {
        co_return co_await client_.request(handle, std::move(join), nullptr);
      } catch (const JanusError& error) {
        if (error.code() != kNoSuchFeed || stopping_) throw;
      }
      co_await pause();
    }
  }

  asio::awaitable<void> pause() {
    asio::steady_timer timer{services_.executor, kFeedPoll};
    co_await timer.async_wait(asio::use_awaitable);
  }

  asio::awaitable<std::vector<std::uint64_t>> others_feeds() {
    for (;;) {
      std::vector<std::uint64_t> others = feeds_[participant_.room];
      std::erase(others, own_feed_);
      if (others.size() >= participant_.other_publishers) co_return others;
      if (stopping_) throw std::runtime_error{"stopped"};
      co_await pause();
    }
  }

  void open_peer(PeerOrder order, const LocalEnd& local, const SdpDescription& remote) {
    order.remote = remote_end(remote);
    order.local = local.credentials;
    // RFC 8842 section 5: who answers `active` opens the handshake.
    order.role = remote.setup == "active" ? DtlsRole::server : DtlsRole::client;
    order.remote_checks = true;  // libnice checks, even where Janus calls itself ICE-lite
    order.join_started = started_;
    order.seed = services_.identities.number();
    services_.open_peer(std::move(order));
  }

  const DoorServices& services_;
  Feeds& feeds_;
  Participant participant_;
  JanusClient client_;
  Instant started_{};
  std::uint64_t own_feed_ = 0;
  bool stopping_ = false;
};

class JanusDoor final : public Door {
 public:
  explicit JanusDoor(const DoorServices& services) : services_{services} {}

  void enter(Participant participant) override {
    // Owned by the door, which stops it, and by its coroutine, which may end later.
    auto session = std::make_shared<JanusSession>(services_, feeds_, std::move(participant));
    sessions_.push_back(session);
    asio::co_spawn(
        services_.executor, [session]() -> asio::awaitable<void> { co_await session->run(); }, asio::detached);
  }

  void stop() override {
    for (const auto& session : sessions_) session->stop();
  }

 private:
  DoorServices services_;
  Feeds feeds_;
  std::vector<std::shared_ptr<JanusSession>> sessions_;
};

}  // namespace

std::unique_ptr<Door> make_janus_door(const DoorServices& services) { return std::make_unique<JanusDoor>(services); }

}  // namespace sluice::load
