#include <doctest/doctest.h>

#include <functional>
#include <vector>

#include "tests/congestion/dumbbell.h"
#include "tests/simulation/random.h"

// RFC 8867 sections 5.6 and 5.7: media beside downloads, which fill any queue until it drops.

using namespace sluice;
using namespace sluice::congestion;

TEST_CASE("the download of these tests fills a link and recovers from what it loses") {
  Dumbbell path{{.name = "tcp-alone", .forward = DataRate::kbps(2000)}};
  TcpFlow& tcp = path.add_tcp();
  tcp.start();
  path.run_for(30s);
  CHECK(tcp.log().rate(path.window(5s, 30s)).kbps() == doctest::Approx(2000).epsilon(0.05));
  CHECK(tcp.log().loss(path.window(5s, 28s)) > 0);
  CHECK(tcp.log().loss(path.window(5s, 28s)) < 0.05);
}

TEST_CASE("two downloads share a link") {
  Dumbbell path{{.name = "tcp-two", .forward = DataRate::kbps(4000)}};
  TcpFlow& first = path.add_tcp();
  TcpFlow& second = path.add_tcp();
  first.start();
  path.run_for(5s);
  second.start();
  path.run_for(115s);
  const double ratio = first.log().rate(path.window(40s, 120s)) / second.log().rate(path.window(40s, 120s));
  CHECK(ratio > 0.5);
  CHECK(ratio < 2);
}

TEST_CASE("a download of known size ends") {
  Dumbbell path{{.name = "tcp-short", .forward = DataRate::kbps(2000)}};
  TcpFlow& tcp = path.add_tcp();
  tcp.start(50'000);
  path.run_for(3s);
  CHECK(tcp.done());
  CHECK(tcp.log().bytes_arrived(path.window(0s, 3s)) >= 50'000);
}

TEST_CASE("RFC 8867 5.6: a long TCP flow does not starve media, and leaves it the link when it ends") {
  Dumbbell path{{.name = "rfc8867-5.6", .forward = DataRate::kbps(2000)}};
  const MediaFlow& media = path.add_media({});
  TcpFlow& tcp = path.add_tcp();
  path.run_for(30s);
  tcp.start();
  path.run_for(60s);
  tcp.stop();
  path.run_for(31s);

  Figures row = path.figures("RFC 8867 5.6: beside a long TCP flow, 2 Mbit/s", path.window(35s, 90s));
  row.note = "the queue is the download's";
  print(row);
  // The download fills 300 ms of queue, which is what it is for; media keeps a part of the link all the same.
  CHECK(media.log().rate(path.window(40s, 90s)) >= DataRate::kbps(150));
  CHECK(path.utilisation(path.window(98s, 120s)) >= 0.85);
}

TEST_CASE("RFC 8867 5.7: short TCP flows beside two media flows") {
  Dumbbell path{{.name = "rfc8867-5.7", .forward = DataRate::kbps(2000)}};
  path.add_media({});
  path.add_media({});
  std::vector<TcpFlow*> downloads;
  for (int i = 0; i < 10; ++i) downloads.push_back(&path.add_tcp());
  simulation::Random random{7};
  // Each fetches 30 to 50 kB, and is idle for 2 to 18 s.
  for (TcpFlow* download : downloads) {
    Duration at = 5s + Duration{static_cast<Duration::rep>(random.unit() * 10e9)};
    while (at < 115s) {
      const auto bytes = static_cast<std::size_t>(30'000 + 20'000 * random.unit());
      path.network().at(path.now() + at, [download, bytes] { download->start(bytes); });
      at += 2s + Duration{static_cast<Duration::rep>(random.unit() * 16e9)};
    }
  }
  path.run_for(121s);

  Figures row = path.figures("RFC 8867 5.7: two flows beside short TCP flows, 2 Mbit/s", path.window(10s, 120s));
  row.note = "what the downloads take is not counted";
  print(row);
  CHECK(*row.utilisation >= 0.5);
  CHECK(*row.loss < 0.05);
}
