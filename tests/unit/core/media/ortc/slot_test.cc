#include <doctest/doctest.h>

#include "core/media/ortc/codec.h"
#include "tests/unit/core/media/ortc/negotiation_fixture.h"

namespace sluice::ortc {
namespace {

NegotiatedConsumer slot(MediaKind kind, const RtpCapabilities& remote) {
  CountingSsrcs ssrcs;
  return negotiate_slot(kind, default_router(), remote, "the-viewer", ssrcs.generator(), {.mid = Mid::from("4")});
}

std::vector<std::string> media_codecs(const RtpParameters& parameters) {
  std::vector<std::string> out;
  for (const auto& codec : parameters.codecs) {
    if (!is_rtx(codec.mime_type)) out.push_back(codec.mime_type);
  }
  return out;
}

}  // namespace

TEST_CASE("a slot carries every codec of its kind that the receiver shares, in the receiver's numbering") {
  const auto remote = fixtures::read<RtpCapabilities>(fixtures::kSafariCapabilities);
  const auto video = slot(MediaKind::video, remote);
  CHECK(video.type == ConsumerType::simple);
  CHECK(video.parameters.mid == "4");
  CHECK(video.parameters.rtcp.cname == "the-viewer");
  REQUIRE(video.parameters.encodings.size() == 1);
  CHECK(video.parameters.encodings.front().ssrc == video.mapping.streams.front().ssrc);
  const auto codecs = media_codecs(video.parameters);
  REQUIRE_FALSE(codecs.empty());
  for (const std::string& codec : codecs) CHECK(kind_of(codec) == MediaKind::video);
  for (const auto& codec : video.parameters.codecs) {
    const bool known = std::ranges::any_of(
        remote.codecs, [&](const auto& entry) { return entry.preferred_payload_type == codec.payload_type; });
    CHECK(known);
  }

  const auto audio = slot(MediaKind::audio, default_router());
  CHECK(media_codecs(audio.parameters).front() == "audio/opus");
}

TEST_CASE("a slot fits producers that send one of its codecs") {
  const auto vp8 = produce(MediaKind::video, fixtures::kChromiumVideo);
  const auto everything = slot(MediaKind::video, default_router());
  CHECK(fits_slot(vp8.consumable, everything.mapping));
  CHECK_FALSE(fits_slot(vp8.consumable, slot(MediaKind::audio, default_router()).mapping));

  auto without_vp8 = default_router();
  std::erase_if(without_vp8.codecs,
                [](const auto& codec) { return codec.mime_type == "video/VP8" || is_rtx(codec.mime_type); });
  CHECK_FALSE(fits_slot(vp8.consumable, slot(MediaKind::video, without_vp8).mapping));
}

TEST_CASE("a slot does not promise what a simulcast cannot keep") {
  const auto video = slot(MediaKind::video, default_router());
  for (const auto& extension : video.parameters.header_extensions) {
    CHECK(extension.uri != uri(HeaderExtension::dependency_descriptor));
  }
}

TEST_CASE("who shares no codec gets no slot") {
  RtpCapabilities nothing;
  try {
    static_cast<void>(slot(MediaKind::video, nothing));
    FAIL("no error was thrown");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::unsupported);
  }
}

}  // namespace sluice::ortc
