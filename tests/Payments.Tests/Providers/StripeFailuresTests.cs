using System.Text.Json;
using Decent.Payments.Providers.Stripe;
using Decent.Testing;

namespace Decent.Payments.Tests.Providers;

public sealed class StripeFailuresTests
{
    [Fact]
    public void Published_failures_are_sorted_by_whether_they_may_have_happened()
    {
        using var vectors = JsonDocument.Parse(Vectors.Text("stripe-errors.json"));
        foreach (var c in vectors.RootElement.GetProperty("cases").EnumerateArray())
        {
            var error = c.TryGetProperty("body", out var body) ? body.GetProperty("error") : default;
            var failure = StripeFailures.Classify(
                c.TryGetProperty("status", out var status) ? status.GetInt32() : null, Text(error, "type"), Text(error, "code"));
            var expect = c.GetProperty("expect");
            var expected = expect.GetProperty("outcome").GetString() == "unknown" ? StripeFailure.Unknown
                : expect.GetProperty("category").GetString() switch
                {
                    "rate_limited" => StripeFailure.Later,
                    "already_done" => StripeFailure.AlreadyDone,
                    "config" => StripeFailure.Misconfigured,
                    _ => StripeFailure.Refused,
                };
            Assert.True(expected == failure, $"{c.GetProperty("id").GetString()}: {failure}, expected {expected}");
        }
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(200)]
    public void An_answer_that_is_no_error_of_the_rail_proves_nothing(int status) =>
        Assert.Equal(StripeFailure.Unknown, StripeFailures.Classify(status, null, null));

    private static string? Text(JsonElement error, string name) =>
        error.ValueKind == JsonValueKind.Object && error.TryGetProperty(name, out var value) ? value.GetString() : null;
}
