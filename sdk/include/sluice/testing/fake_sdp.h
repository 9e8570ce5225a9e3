#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sluice/media.h"

/// SDP without SDP: the test says what a client's text means, and reads what the plugin wanted to be written.
namespace sluice::testing {

class FakeSdpSession;

/// A description that a session was asked for.
struct FakeDescription {
  struct Track {
    std::string mid;
    RtpParameters rtp_parameters;
    std::string stream_id;
  };
  std::vector<std::string> accepted;
  std::vector<Track> tracks;

  [[nodiscard]] std::vector<std::string> track_mids() const {
    std::vector<std::string> out;
    for (const Track& track : tracks) out.push_back(track.mid);
    return out;
  }
};

/// What the texts of clients mean; one that is not here is no SDP. And the living sessions, in their order.
struct FakeSdp {
  std::map<std::string, SdpOffer, std::less<>> offers;
  std::map<std::string, std::vector<std::string>, std::less<>> answers;  ///< to the MIDs that are not taken
  std::map<std::string, std::optional<std::string>, std::less<>> fragments;
  std::size_t max_sections = SdpSession::kMaxSections;  ///< that a session makes by itself
  std::vector<FakeSdpSession*> sessions;
};

/// Its own sections are `g0`, `g1`, ...; its texts `answer-1`, `offer-1`, ...
class FakeSdpSession final : public SdpSession {
 public:
  FakeSdpSession(FakeSdp& script, Transport& on, RtpCapabilities client)
      : transport{on}, script_{script}, client_(std::move(client)) {
    script_.sessions.push_back(this);
  }
  ~FakeSdpSession() override { std::erase(script_.sessions, this); }

  [[nodiscard]] SdpOffer read_offer(std::string_view sdp) override {
    SdpOffer offer = read(script_.offers, sdp);
    if (!std::exchange(connected_, true)) transport.connect({});
    offer.rolled_back = std::exchange(offering_, false);
    client_offers_ = true;
    return offer;
  }
  [[nodiscard]] std::string answer(std::span<const std::string> accepted, std::span<const SdpTrack> tracks) override {
    if (!std::exchange(client_offers_, false)) throw Error{ErrorCode::conflict, "there is no offer to answer"};
    answers.push_back(describe(accepted, tracks));
    return "answer-" + std::to_string(answers.size());
  }
  void refuse_offer() noexcept override { client_offers_ = false; }
  [[nodiscard]] SdpReceiving next_section(MediaKind kind) override {
    demand_stable();
    if (sections_ == script_.max_sections) throw Error{ErrorCode::limit_exceeded, "too many m-sections"};
    return {.mid = "g" + std::to_string(sections_++), .kind = kind, .rtp_capabilities = client_};
  }
  [[nodiscard]] std::string offer(std::span<const std::string> accepted, std::span<const SdpTrack> tracks) override {
    demand_stable();
    offering_ = true;
    offers.push_back(describe(accepted, tracks));
    return "offer-" + std::to_string(offers.size());
  }
  [[nodiscard]] std::vector<std::string> read_answer(std::string_view sdp) override {
    if (!offering_) throw Error{ErrorCode::conflict, "there is no offer to be answered"};
    auto refused = read(script_.answers, sdp);
    offering_ = false;
    return refused;
  }
  [[nodiscard]] bool offering() const noexcept override { return offering_; }
  void add_candidate(std::string_view candidate) override { candidates.emplace_back(candidate); }
  [[nodiscard]] std::optional<std::string> read_fragment(std::string_view fragment) override {
    return read(script_.fragments, fragment);
  }

  Transport& transport;
  std::vector<FakeDescription> answers;
  std::vector<FakeDescription> offers;
  std::vector<std::string> candidates;

 private:
  void demand_stable() const {
    if (offering_ || client_offers_) throw Error{ErrorCode::conflict, "an offer waits for its answer"};
  }
  template <class Meaning>
  static Meaning read(const std::map<std::string, Meaning, std::less<>>& script, std::string_view text) {
    const auto found = script.find(text);
    if (found != script.end()) return found->second;
    throw Error{ErrorCode::invalid_payload, "this is no SDP", {{"line", 1}, {"reason", "this is no SDP"}}};
  }
  static FakeDescription describe(std::span<const std::string> accepted, std::span<const SdpTrack> tracks) {
    FakeDescription out{.accepted = {accepted.begin(), accepted.end()}, .tracks = {}};
    for (const SdpTrack& track : tracks) {
      out.tracks.push_back({.mid = track.mid, .rtp_parameters = track.rtp_parameters, .stream_id = track.stream_id});
    }
    return out;
  }

  FakeSdp& script_;
  RtpCapabilities client_;
  std::size_t sections_ = 0;
  bool connected_ = false;
  bool offering_ = false;
  bool client_offers_ = false;
};

}  // namespace sluice::testing
