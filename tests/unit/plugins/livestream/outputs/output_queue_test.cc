#include "outputs/output_queue.h"

#include <doctest/doctest.h>

#include <future>

#include "tests/unit/plugins/livestream/outputs/program.h"

namespace sluice::livestream {
namespace {

using namespace testing;

struct Queue {
  explicit Queue(QueueLimits limits = {}) : queue{limits} {}
  ProgramFormatPtr format = std::make_shared<const ProgramFormat>();
  OutputQueue queue;

  void put_picture(MediaTime at, Picture kind = Picture::dependent, std::size_t bytes = 10) {
    queue.put(picture(format, at, kind, bytes));
  }
  void put_sound(MediaTime at) { queue.put(sound(format, at)); }
  /// `k0 s1 p2`: key frame, sound, picture, each with its second.
  std::string rest() {
    queue.close();
    std::string all;
    while (const auto packet = queue.take()) {
      if (!all.empty()) all += ' ';
      const bool is_video = packet->packet.track == kVideoTrack;
      all += is_video ? packet->packet.key_frame ? 'k' : 'p' : 's';
      all += std::to_string(packet->packet.dts / 1s);
    }
    return all;
  }
};

TEST_CASE("an output begins at a key frame") {
  Queue q;
  q.put_picture(0s);
  q.put_sound(1s);
  q.put_picture(2s, Picture::key_frame);
  q.put_sound(3s);
  q.put_picture(4s);
  CHECK(q.rest() == "k2 s3 p4");
  CHECK(q.queue.dropped_frames() == 0);
}

TEST_CASE("packets are shared, not copied") {
  Queue q;
  const auto packet = picture(q.format, 0s, Picture::key_frame);
  q.queue.put(packet);
  CHECK(q.queue.take() == packet);
}

TEST_CASE("a group that waits for too long goes up to the next key frame; sound stays for as long as it may") {
  Queue q{{.span = 3s}};
  q.put_picture(0s, Picture::key_frame);
  q.put_picture(1s);
  q.put_sound(1s);
  q.put_picture(2s, Picture::key_frame);
  q.put_sound(2s);
  q.put_picture(3s);
  CHECK(q.queue.dropped_frames() == 0);
  q.put_picture(4s);
  CHECK(q.queue.dropped_frames() == 2);
  CHECK(q.rest() == "s1 k2 s2 p3 p4");
}

TEST_CASE("where no key frame waits, pictures go until one comes") {
  Queue q{{.span = 3s}};
  q.put_picture(0s, Picture::key_frame);
  for (int i = 1; i < 4; ++i) q.put_sound(i * 1s);
  q.put_picture(4s);
  q.put_sound(4s);
  q.put_picture(5s);
  q.put_picture(6s, Picture::key_frame);
  q.put_picture(6s);
  CHECK(q.queue.dropped_frames() == 3);
  CHECK(q.rest() == "s3 s4 k6 p6");
}

TEST_CASE("too many bytes are dropped likewise, also those of one picture alone") {
  Queue q{{.bytes = 100}};
  q.put_sound(0s);
  q.put_picture(0s, Picture::key_frame, 60);
  q.put_sound(0s);
  q.put_picture(0s, Picture::key_frame, 60);
  CHECK(q.queue.dropped_frames() == 1);
  q.put_picture(1s, Picture::key_frame, 101);
  CHECK(q.queue.dropped_frames() == 3);
  q.put_picture(1s);
  q.put_picture(2s, Picture::key_frame, 20);
  CHECK(q.queue.dropped_frames() == 4);
  CHECK(q.rest() == "s0 k2");
}

TEST_CASE("sound alone is dropped from the oldest on") {
  Queue q{{.span = 3s}};
  q.put_picture(0s, Picture::key_frame);
  (void)q.queue.take();
  for (int i = 1; i < 7; ++i) q.put_sound(i * 1s);
  CHECK(q.rest() == "s3 s4 s5 s6");
}

TEST_CASE("a paused queue knows the format and nothing else, and begins again with a key frame") {
  Queue q;
  q.put_picture(0s, Picture::key_frame);
  q.queue.pause();
  q.put_picture(1s, Picture::key_frame);
  q.format = std::make_shared<const ProgramFormat>();
  q.put_sound(2s);
  CHECK(q.queue.wait_for_format() == q.format);
  q.queue.begin();
  q.put_picture(3s);
  q.put_picture(4s, Picture::key_frame);
  CHECK(q.rest() == "k4");
}

TEST_CASE("a closed queue gives what waits, takes nothing, and holds nobody up") {
  Queue q;
  CHECK(q.queue.wait(0ms));
  auto format = std::async(std::launch::async, [&] { return q.queue.wait_for_format(); });
  auto packet = std::async(std::launch::async, [&] { return q.queue.take(); });
  auto waited = std::async(std::launch::async, [&] { return q.queue.wait(1h); });
  q.queue.close();
  CHECK(format.get() == nullptr);
  CHECK(packet.get() == nullptr);
  CHECK(!waited.get());
  q.put_picture(0s, Picture::key_frame);
  q.queue.pause();
  q.queue.begin();
  CHECK(q.queue.closed());
  CHECK(q.rest().empty());
}

}  // namespace
}  // namespace sluice::livestream
