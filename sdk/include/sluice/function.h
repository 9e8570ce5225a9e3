#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace sluice {

/// A callable that is moved, never copied, so that it may own a Reply; what C++23 calls std::move_only_function.
/// Calling an empty one is a programming error.
template <class Signature>
class Function;

template <class R, class... Args>
class Function<R(Args...)> {
 public:
  Function() noexcept = default;
  Function(std::nullptr_t) noexcept {}

  template <class F>
    requires(!std::is_same_v<std::remove_cvref_t<F>, Function> && std::is_invocable_r_v<R, std::decay_t<F>&, Args...>)
  Function(F&& callable) : target_{std::make_unique<Target<std::decay_t<F>>>(std::forward<F>(callable))} {}

  R operator()(Args... args) { return target_->call(std::forward<Args>(args)...); }
  [[nodiscard]] explicit operator bool() const noexcept { return target_ != nullptr; }

 private:
  struct Base {
    virtual ~Base() = default;
    virtual R call(Args... args) = 0;
  };
  template <class F>
  struct Target final : Base {
    template <class G>
    explicit Target(G&& source) : callable(std::forward<G>(source)) {}
    R call(Args... args) override {
      if constexpr (std::is_void_v<R>) {
        callable(std::forward<Args>(args)...);
      } else {
        return callable(std::forward<Args>(args)...);
      }
    }
    F callable;
  };

  std::unique_ptr<Base> target_;
};

}  // namespace sluice
