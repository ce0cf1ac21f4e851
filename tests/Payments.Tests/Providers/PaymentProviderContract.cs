using Decent.Payments.Providers;

namespace Decent.Payments.Tests.Providers;

/// <summary>
/// What every rail must hold. A new rail derives a test class from this and says how it is made and what its good
/// answer looks like.
/// </summary>
public abstract class PaymentProviderContract
{
    private protected static readonly Guid CollectionId = Guid.Parse("0195a0c0-0000-7000-8000-000000000001");

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A start as it is stored.</summary>
    private protected abstract CheckoutRequest Request { get; }

    /// <summary>The rail's good answer to it.</summary>
    private protected abstract string StartedBody { get; }

    /// <summary>The rail's clear no: status and body.</summary>
    private protected abstract (int Status, string Body) RefusedAnswer { get; }

    /// <summary>The rail over scripted HTTP.</summary>
    private protected abstract IPaymentProvider Create(ScriptedHttp http);

    [Fact]
    public void Its_id_fits_into_routes_and_account_paths()
    {
        using var http = new ScriptedHttp(_ => throw new InvalidOperationException("not asked"));
        Assert.Matches("^[a-z0-9_-]{1,32}$", Create(http).Id);
    }

    [Fact]
    public async Task The_same_stored_start_sends_the_same_bytes()
    {
        using var http = new ScriptedHttp(_ => ScriptedHttp.Json(StartedBody));
        var provider = Create(http);
        var first = await provider.StartAsync(Request, Token);
        Assert.IsType<StartOutcome.Started>(first);
        Assert.Equal(first, await provider.StartAsync(Request, Token));
        Assert.Equal(http.Requests[0].Body, http.Requests[1].Body);
        Assert.Equal(
            provider.Capabilities.IdempotencyKeys ? Request.IdempotencyKey : null,
            http.Requests[1].Headers.GetValueOrDefault("Idempotency-Key"));
    }

    [Theory]
    [InlineData(200, "")]
    [InlineData(200, "<html>busy</html>")]
    [InlineData(200, "{}")]
    [InlineData(200, "[")]
    [InlineData(408, "")]
    [InlineData(409, "")]
    [InlineData(429, "")]
    [InlineData(500, "{}")]
    [InlineData(502, "<html>")]
    [InlineData(503, "")]
    public async Task Without_a_usable_answer_a_start_is_not_known(int status, string body)
    {
        using var http = new ScriptedHttp(_ => ScriptedHttp.Json(body, status));
        Assert.IsType<StartOutcome.Unknown>(await Create(http).StartAsync(Request, Token));
        Assert.Single(http.Requests);
    }

    [Fact]
    public async Task A_clear_no_is_a_refusal()
    {
        using var http = new ScriptedHttp(_ => ScriptedHttp.Json(RefusedAnswer.Body, RefusedAnswer.Status));
        Assert.IsType<StartOutcome.Refused>(await Create(http).StartAsync(Request, Token));
    }

    [Fact]
    public async Task A_broken_connection_never_throws_and_proves_nothing()
    {
        using var http = new ScriptedHttp(_ => throw new HttpRequestException("reset"));
        var provider = Create(http);
        Assert.IsType<StartOutcome.Unknown>(await provider.StartAsync(Request, Token));
        Assert.IsType<StartOutcome.Unknown>(await provider.FindStartedAsync(Request, Token));
        Assert.IsType<ProviderReading.Unavailable>(
            await provider.ReadAsync(new PaymentQuery(CollectionId, "c-1", "ref", null), Token));
        Assert.Contains(
            await provider.ExpireAsync("ref", Token), new[] { ExpireOutcome.Unknown, ExpireOutcome.Unsupported });
        Assert.False((await provider.BalanceAsync(Token)).Known);
    }

    [Fact]
    public async Task A_caller_who_gives_up_is_told_so_and_not_that_the_rail_failed()
    {
        using var stop = new CancellationTokenSource();
        using var http = new ScriptedHttp(_ =>
        {
            stop.Cancel();
            throw new OperationCanceledException(stop.Token);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Create(http).StartAsync(Request, stop.Token));
    }
}
