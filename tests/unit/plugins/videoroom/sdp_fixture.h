#pragma once

#include "videoroom_fixture.h"

namespace sluice::testing {

/// What a client's text means: the sections in which it sends and in which it receives.
struct Sections {
  SdpOffer offer;

  Sections& sends(const std::string& mid, MediaKind kind, std::uint32_t ssrc = 1) {
    SdpSending section;
    section.mid = mid;
    section.kind = kind;
    section.rtp_parameters.mid = mid;
    section.rtp_parameters.codecs.resize(1);
    section.rtp_parameters.encodings.resize(1);
    section.rtp_parameters.encodings.front().ssrc = Ssrc{ssrc};
    offer.sending.push_back(std::move(section));
    return *this;
  }
  Sections& sends_audio(const std::string& mid) { return sends(mid, MediaKind::audio); }
  Sections& sends_video(const std::string& mid) { return sends(mid, MediaKind::video); }
  Sections& receives(const std::string& mid, MediaKind kind) {
    offer.receiving.push_back({.mid = mid, .kind = kind, .rtp_capabilities = {}});
    return *this;
  }
  Sections& receives_audio(const std::string& mid) { return receives(mid, MediaKind::audio); }
  Sections& receives_video(const std::string& mid) { return receives(mid, MediaKind::video); }
};

/// A room in which clients speak SDP.
class SdpGateway : public VideoRoomGateway {
 public:
  using VideoRoomGateway::VideoRoomGateway;

  Answer offer(FakeClient& client, const Sections& sections, json::object more = {}) {
    const std::string text = "v=0 " + std::to_string(++texts_);
    host.media().sdp.offers[text] = sections.offer;
    more["sdp"] = text;
    return host.call(client, "sdp:offer", json::value(std::move(more)));
  }
  Answer answer(FakeClient& client, const std::vector<std::string>& refused = {}) {
    const std::string text = "v=0 " + std::to_string(++texts_);
    host.media().sdp.answers[text] = refused;
    return host.call(client, "sdp:answer", json::object{{"sdp", text}});
  }
  /// The session that was begun last.
  FakeSdpSession& session() { return *host.media().sdp.sessions.back(); }

  /// A participant that publishes by mediasoup's vocabulary, and its transport.
  struct Publisher {
    FakeClient& client;
    std::string transport;
  };
  Publisher publisher(const std::string& name) {
    FakeClient& client = member(name);
    return {client, transport(client, "send")};
  }
  std::string publish(const Publisher& who, const std::string& source) {
    return text(produce(who.client, who.transport, source).data(), "producerId");
  }
  void unpublish(const Publisher& who, const std::string& producer) {
    host.call(who.client, "producer:close", json::object{{"producerId", producer}});
  }

  /// `mid=producer` of what the client was told last that its sections carry.
  static std::vector<std::string> tracks(const FakeClient& client) {
    std::vector<std::string> out;
    const json::value told = client.last("sdp:tracks");
    for (const json::value& track : told.at("tracks").as_array()) {
      out.push_back(text(track, "mid") + "=" + text(track, "producerId"));
    }
    return out;
  }

 private:
  int texts_ = 0;
};

using Names = std::vector<std::string>;

}  // namespace sluice::testing
