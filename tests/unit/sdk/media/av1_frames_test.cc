#include <doctest/doctest.h>

#include "assemble.h"
#include "sdk/media/src/av1_sequence_header.h"

namespace sluice::media {
namespace {

constexpr int kSequence = 1, kDelimiter = 2, kFrameHeader = 3, kTileGroup = 4, kMetadata = 5, kFrame = 6;

// Payloads of sequence headers that libaom (640x360) and SVT-AV1 (1280x720) wrote.
const Blob kSequence360{0x00, 0x00, 0x00, 0x0c, 0xc4, 0xff, 0x67, 0x36, 0xbe, 0x40, 0x10};
const Blob kSequence720{0x00, 0x00, 0x00, 0x2d, 0x4c, 0xff, 0xb3, 0xcf, 0xbf, 0x90, 0x04};

// show_existing_frame: 1, frame_type: 2, show_frame: 1.
Blob frame_payload(bool key, std::size_t size, std::uint32_t seed = 1) {
  return Blob{static_cast<std::uint8_t>(key ? 0x10 : 0x30)} + noise(size, seed);
}
Blob sequence() { return obu(kSequence, kSequence360); }
Blob key(std::size_t size = 60) { return obu(kFrame, frame_payload(true, size)); }
Blob inter(std::size_t size = 60) { return obu(kFrame, frame_payload(false, size)); }

// As it stands in a file: with its size, in as many bytes as told.
Blob sized(const Blob& sent, std::size_t size_bytes) {
  const std::size_t header = (sent[0] & 4) != 0 ? 2 : 1;
  Blob out{static_cast<std::uint8_t>(sent[0] | 2)};
  if (header == 2) out.push_back(sent[1]);
  std::size_t size = sent.size() - header;
  for (std::size_t i = 1; i <= size_bytes; ++i, size >>= 7)
    out.push_back(static_cast<std::uint8_t>((size & 0x7f) | (i < size_bytes ? 0x80 : 0)));
  out.insert(out.end(), sent.begin() + static_cast<std::ptrdiff_t>(header), sent.end());
  return out;
}

class BitWriter {
 public:
  BitWriter& bits(std::size_t count, std::uint32_t value) {
    for (; count > 0; --count, ++at_) {
      if (at_ % 8 == 0) out_.push_back(0);
      if ((value >> (count - 1) & 1) != 0) out_.back() = static_cast<std::uint8_t>(out_.back() | 0x80 >> at_ % 8);
    }
    return *this;
  }
  [[nodiscard]] const Blob& bytes() const { return out_; }

 private:
  Blob out_;
  std::size_t at_ = 0;
};

}  // namespace

TEST_CASE("AV1: sizes are read from sequence headers that encoders write") {
  CHECK(read_av1_sequence_header(kSequence360)->size == Size{640, 360});
  CHECK(read_av1_sequence_header(kSequence720)->size == Size{1'280, 720});
  for (std::size_t size = 0; size < 6; ++size) CHECK(!read_av1_sequence_header(Bytes{kSequence360}.first(size)));
}

// AV1 specification section 5.5.1, field by field.
TEST_CASE("AV1: a sequence header with all that stands before the size is read") {
  BitWriter header;
  header.bits(3, 0).bits(1, 0).bits(1, 0);                           // profile, still, reduced
  header.bits(1, 1).bits(32, 1).bits(32, 30).bits(1, 1).bits(3, 3);  // timing, equal intervals: uvlc of 2
  header.bits(1, 1).bits(5, 9).bits(32, 1).bits(5, 9).bits(5, 9);    // decoder model: delays of 10 bits
  header.bits(1, 1).bits(5, 1);                                      // display delays; two operating points
  header.bits(12, 0).bits(5, 8).bits(1, 0);                          // level with a tier
  header.bits(1, 1).bits(10, 5).bits(10, 5).bits(1, 0).bits(1, 1).bits(4, 3);
  header.bits(12, 0).bits(5, 7).bits(1, 0).bits(1, 0);  // level without; neither model nor delay
  header.bits(4, 10).bits(4, 8).bits(11, 1'919).bits(9, 479);
  CHECK(read_av1_sequence_header(header.bytes())->size == Size{1'920, 480});
}

TEST_CASE("AV1: the header of a reduced still picture is read") {
  const auto read = read_av1_sequence_header(
      BitWriter{}.bits(3, 0).bits(1, 1).bits(1, 1).bits(5, 4).bits(4, 7).bits(4, 7).bits(8, 99).bits(8, 49).bytes());
  REQUIRE(read);
  CHECK(read->reduced);
  CHECK(read->size == Size{100, 50});
}

TEST_CASE("AV1: the OBUs of a packet get their sizes") {
  const Blob units = sized(sequence(), 1) + sized(key(), 1);
  SUBCASE("each with its length") {
    const auto got = assemble_one(Codec::av1, {av1_payload(0x08, {sequence(), key()})});
    REQUIRE(got);
    CHECK(got->data == units);
    CHECK(got->key_frame);
    CHECK(got->size == Size{640, 360});
  }
  SUBCASE("W = 2: the last one without") {
    const Blob payload = Blob{0x28} + leb128(sequence().size()) + sequence() + key();
    CHECK(assemble_one(Codec::av1, {payload})->data == units);
  }
}

TEST_CASE("AV1: an OBU over many packets is joined") {
  const auto got = assemble_one(Codec::av1, av1_payloads({sequence(), key(5'000)}));
  REQUIRE(got);
  CHECK(got->data == sized(sequence(), 1) + sized(key(5'000), 4));
}

TEST_CASE("AV1: an OBU is joined wherever it was cut, its header included") {
  Blob layered = key(6);
  layered[0] |= 4;  // an extension: temporal layer 1, spatial layer 0
  layered.insert(layered.begin() + 1, 0x20);
  for (std::size_t at_most = 1; at_most < 8; ++at_most) {
    CAPTURE(at_most);
    const auto got = assemble_one(Codec::av1, av1_payloads({sequence(), layered}, at_most));
    REQUIRE(got);
    CHECK(got->data == sized(sequence(), at_most < sequence().size() ? 4 : 1) + sized(layered, at_most < 8 ? 4 : 1));
    CHECK(got->key_frame);
  }
}

TEST_CASE("AV1: a packet may end one OBU, hold another and begin a third") {
  const Blob data = obu(kMetadata, noise(50, 3));
  const Blob header = obu(kFrameHeader, frame_payload(true, 20));
  const Blob tiles = obu(kTileGroup, noise(300, 2));
  const auto header_parts = split(header, 10);
  const auto tile_parts = split(tiles, 100);
  const auto got = assemble_one(
      Codec::av1, {av1_payload(0x48, {sequence(), header_parts[0]}), av1_payload(0xc0, {header_parts[1]}),
                   av1_payload(0xc0, {header_parts[2], data, tile_parts[0]}), av1_payload(0xc0, {tile_parts[1]}),
                   av1_payload(0xc0, {tile_parts[2]}), av1_payload(0x80, {tile_parts[3]})});
  REQUIRE(got);
  CHECK(got->data == sized(sequence(), 1) + sized(header, 4) + sized(data, 1) + sized(tiles, 4));
}

TEST_CASE("AV1: sizes that a sender left in stay; temporal delimiters go") {
  const auto got = assemble_one(Codec::av1, {av1_payload(0x08, {obu(kDelimiter, {}), sequence(), sized(key(), 2)})});
  REQUIRE(got);
  CHECK(got->data == sized(sequence(), 1) + sized(key(), 2));
}

TEST_CASE("AV1: a key frame has a sequence header with it") {
  RtpSender sender;
  std::vector<Blob> packets = sender.packets(0, {av1_payload(0x00, {key()})});
  const auto send = [&](std::uint32_t timestamp, const std::vector<Blob>& elements) {
    packets.push_back(sender.packets(timestamp, {av1_payload(0, elements)}).front());
  };
  send(3'000, {sequence(), inter()});  // repeated, but not a key frame
  send(6'000, {sequence(), key()});
  send(9'000, {inter()});
  const auto frames = assemble(Codec::av1, packets);
  REQUIRE(frames.size() == 2);
  CHECK(frames[0].timestamp == 6'000);
  CHECK(frames[0].key_frame);
  CHECK(!frames[1].key_frame);
}

TEST_CASE("AV1: what is damaged does not become a frame") {
  const auto with_sequence = [](const std::vector<Blob>& payloads) {
    std::vector<Blob> all{av1_payload(0x08, {sequence()})};
    all.insert(all.end(), payloads.begin(), payloads.end());
    return assemble_one(Codec::av1, all);
  };
  REQUIRE(with_sequence({av1_payload(0, {key()})}));
  CHECK(!with_sequence({{0x10}}));                                               // nothing
  CHECK(!with_sequence({av1_payload(0x80, {key()})}));                           // continues what did not begin
  CHECK(!with_sequence({av1_payload(0x40, {key()})}));                           // goes on where nothing comes
  CHECK(!with_sequence({av1_payload(0x40, {key()}), av1_payload(0, {key()})}));  // not continued
  CHECK(!with_sequence({Blob{0x00, 100} + key()}));                              // longer than the packet
  CHECK(!with_sequence({Blob{0x00, 0} + av1_payload(0, {key()})}));              // an element of nothing
  CHECK(!with_sequence({Blob{0x00} + Blob(9, 0x80)}));                           // a length without end
  CHECK(!with_sequence({Blob{0x20} + leb128(key().size()) + key()}));            // W = 2, and one is there
  CHECK(!with_sequence({av1_payload(0, {Blob{0xb0} + noise(9, 1)})}));           // forbidden bit
  CHECK(!with_sequence({av1_payload(0, {Blob{0x34}})}));                         // no extension where one is told
  CHECK(!with_sequence({av1_payload(0, {Blob{0x32, 9, 0x10, 1}})}));             // its own size is wrong
  CHECK(!with_sequence({av1_payload(0, {obu(kTileGroup, noise(9, 1))})}));       // tiles without a frame
}

}  // namespace sluice::media
