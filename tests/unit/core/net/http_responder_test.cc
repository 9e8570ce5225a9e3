#include "core/net/http_responder.h"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

namespace sluice::net {

namespace {

struct Answers {
  std::vector<int> statuses;
  HttpExchange::Deliver deliver() {
    return [this](const HttpResponse& response) { statuses.push_back(response.status); };
  }
};

}  // namespace

TEST_CASE("the first answer of any copy is the answer") {
  Answers answers;
  {
    const HttpResponder one{answers.deliver()};
    const HttpResponder two = one;
    CHECK(two.send(HttpResponse{204}));
    CHECK(!one.send(HttpResponse{200}));
  }
  CHECK(answers.statuses == std::vector{204});
}

TEST_CASE("a request whose last responder goes is answered with 500") {
  Answers answers;
  {
    const HttpResponder one{answers.deliver()};
    { const HttpResponder two = one; }
    CHECK(answers.statuses.empty());
  }
  CHECK(answers.statuses == std::vector{500});
}

TEST_CASE("an abandoned request tells its handler once and takes no answer") {
  Answers answers;
  auto exchange = std::make_shared<HttpExchange>(answers.deliver());
  const HttpResponder responder{exchange};
  int told = 0;
  responder.on_abandoned([&told] { ++told; });
  CHECK(exchange->abandon());
  CHECK(!exchange->abandon());
  CHECK(told == 1);
  CHECK(responder.abandoned());
  CHECK(!responder.send(HttpResponse{200}));
  CHECK(answers.statuses.empty());

  SUBCASE("and whoever asks later is told at once") {
    responder.on_abandoned([&told] { ++told; });
    CHECK(told == 2);
  }
}

TEST_CASE("a request that was answered is not abandoned any more") {
  Answers answers;
  auto exchange = std::make_shared<HttpExchange>(answers.deliver());
  const HttpResponder responder{exchange};
  bool told = false;
  responder.on_abandoned([&told] { told = true; });
  responder.send(HttpResponse{200});
  CHECK(!exchange->abandon());
  CHECK(!told);
}

TEST_CASE("threads that race to answer give one answer") {
  for (int round = 0; round < 50; ++round) {
    Answers answers;
    {
      const HttpResponder responder{answers.deliver()};
      std::thread other{[copy = responder] { copy.send(HttpResponse{201}); }};
      responder.send(HttpResponse{200});
      other.join();
    }
    CHECK(answers.statuses.size() == 1);
  }
}

}  // namespace sluice::net
