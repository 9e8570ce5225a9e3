#include <doctest/doctest.h>

#include <random>
#include <string>

#include "assemble.h"
#include "sluice/media/coders.h"
#include "tests/unit/sdk/media/generated.h"

namespace sluice::media {
namespace {

constexpr Size kSize{160, 96};
constexpr std::size_t kSmall = 16;  // bytes of a payload, so that frames have many
constexpr int kPictures = 12;

// Without their sizes, and without the temporal delimiter.
std::vector<Blob> obus_of(const Blob& unit) {
  std::vector<Blob> obus;
  for (std::size_t at = 0; at < unit.size();) {
    Blob obu{static_cast<std::uint8_t>(unit[at] & ~2)};
    if ((unit[at++] & 4) != 0) obu.push_back(unit[at++]);
    std::size_t size = 0;
    for (int shift = 0;; shift += 7) {
      size |= std::size_t{unit[at] & 0x7fU} << shift;
      if ((unit[at++] & 0x80) == 0) break;
    }
    obu.insert(obu.end(), unit.begin() + static_cast<std::ptrdiff_t>(at),
               unit.begin() + static_cast<std::ptrdiff_t>(at + size));
    at += size;
    if (obu[0] >> 3 != 2) obus.push_back(std::move(obu));
  }
  return obus;
}

std::vector<Blob> payloads_of(Codec codec, const Packet& packet) {
  switch (codec) {
    case Codec::h264:
      return h264_payloads(nals_of(packet.data), kSmall);
    case Codec::vp8:
      return vp8_payloads(packet.data, kSmall);
    case Codec::vp9:
      return vp9_payloads(packet.data, {.predicted = !packet.key_frame}, kSmall);
    default:
      return av1_payloads(obus_of(packet.data), kSmall);
  }
}

Blob luma_of(const VideoFrame& frame) {
  const auto plane = frame.plane(0);
  Blob luma;
  for (int y = 0; y < plane.size.height; ++y)
    luma.insert(luma.end(), plane.data + y * plane.stride, plane.data + y * plane.stride + plane.size.width);
  return luma;
}

std::vector<Blob> pictures_of(const TrackFormat& format, const std::vector<Packet>& packets) {
  VideoDecoder decoder{format};
  std::vector<Blob> pictures;
  const auto take = [&](const std::vector<VideoFrame>& frames) {
    for (const VideoFrame& frame : frames) pictures.push_back(luma_of(frame));
  };
  for (const Packet& packet : packets) take(decoder.decode(packet));
  take(decoder.finish());
  CHECK(decoder.errors() == 0);
  return pictures;
}

struct Coded {
  TrackFormat format;
  std::vector<Packet> packets;
};

Coded encode(const std::string& encoder) {
  VideoEncoder coder{{.encoder = encoder,
                      .size = kSize,
                      .frames_per_second = 25,
                      .bitrate = DataRate::kbps(500),
                      .low_delay = true,
                      .threads = 1}};
  auto packets = testing::encoded_square(coder, kSize, kPictures);
  return {coder.format(), std::move(packets)};
}

std::vector<Blob> send(Codec codec, const Coded& coded) {
  RtpSender sender{65'500};
  std::vector<Blob> sent;
  for (const Packet& packet : coded.packets) {
    auto payloads = payloads_of(codec, packet);
    if (codec == Codec::h264 && packet.key_frame) {
      const auto sets = nals_of(coded.format.extradata);
      payloads.insert(payloads.begin(), sets.begin(), sets.end());
    }
    for (Blob& one : sender.packets(static_cast<std::uint32_t>(packet.pts.count() * 9 / 100), payloads))
      sent.push_back(std::move(one));
  }
  return sent;
}

void check_round_trip(Codec codec, const std::string& encoder) {
  const Coded coded = encode(encoder);
  REQUIRE(coded.packets.size() == kPictures);
  auto sent = send(codec, coded);
  REQUIRE(sent.size() > kPictures);
  std::ranges::shuffle(sent, std::mt19937{1});

  std::vector<Packet> received;
  for (RtpFrame& frame : assemble(codec, sent)) {
    CHECK(frame.size.value_or(kSize) == kSize);
    received.push_back({.data = std::move(frame.data),
                        .pts = MediaTime{frame.timestamp * 100 / 9},
                        .dts = MediaTime{frame.timestamp * 100 / 9},
                        .key_frame = frame.key_frame});
  }
  REQUIRE(received.size() == kPictures);
  CHECK(received[0].key_frame);
  CHECK(pictures_of({.codec = codec, .size = kSize}, received) == pictures_of(coded.format, coded.packets));
}

}  // namespace

TEST_CASE("what an encoder wrote, sent in packets that arrive in any order, shows the same pictures") {
  SUBCASE("H264") { check_round_trip(Codec::h264, "libx264"); }
  SUBCASE("VP8") { check_round_trip(Codec::vp8, "libvpx"); }
  SUBCASE("VP9") { check_round_trip(Codec::vp9, "libvpx-vp9"); }
  SUBCASE("AV1") { check_round_trip(Codec::av1, "libaom-av1"); }
}

}  // namespace sluice::media
