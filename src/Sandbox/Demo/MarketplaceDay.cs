using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Decent.Canister.Client;
using Decent.Sandbox.Supervision;

namespace Decent.Sandbox.Demo;

/// <summary>A contract of the day.</summary>
/// <param name="Number">1 to 6.</param>
/// <param name="Provider">Who provides.</param>
/// <param name="Dollars">Price in whole dollars.</param>
/// <param name="Rail">How it is paid.</param>
/// <param name="Token">What it is paid in, for ICPay.</param>
/// <param name="Story">What happens to it.</param>
/// <param name="Resolution">What the books must make of the payment.</param>
/// <param name="Ends">State it must end in.</param>
internal sealed record PlannedContract(
    int Number, string Provider, int Dollars, string Rail, string? Token, string Story, string Resolution, string Ends);

/// <summary>One day of a marketplace, played through HTTP and webhooks only. Every step may be repeated.</summary>
internal sealed class MarketplaceDay(DemoWorld world, DemoOptions options, Action<string> progress)
{
    private static readonly TimeSpan Service = TimeSpan.FromHours(24);

    /// <summary>The provider who takes DCT.</summary>
    public const string Alpine = "alpine-hosting";

    /// <summary>The provider who takes ckUSDT.</summary>
    public const string Boreal = "boreal-compute";

    /// <summary>The six contracts.</summary>
    public static IReadOnlyList<PlannedContract> Contracts { get; } =
    [
        new(1, Alpine, 48, "icpay", SandboxAssets.CkUsdt.Code, "paid in ckUSDT", "applied", "completed"),
        new(2, Boreal, 96, "stripe", null, "paid by card", "applied", "completed"),
        new(3, Alpine, 25, "icpay", SandboxAssets.Icp.Code, "paid in ICP, a tenth too little", "underpaid", "expired"),
        new(4, Boreal, 72, "stripe", null, "paid by card, cancelled half-way", "applied", "cancelled"),
        new(5, Alpine, 30, "icpay", SandboxAssets.CkUsdt.Code, "paid in ckUSDT after its deadline", "late", "expired"),
        new(
            6,
            Boreal,
            60,
            "icpay",
            SandboxAssets.CkUsdt.Code,
            "paid in ckUSDT, the webhook arrives twice",
            "applied",
            "completed"),
    ];

    private readonly Dictionary<int, JsonNode> _payments = [];

    /// <summary>When the day began, business time.</summary>
    public DateTimeOffset Began { get; private set; }

    /// <summary>The payouts, in the order they were drafted.</summary>
    public List<string> Payouts { get; } = [];

    /// <summary>The token each provider is paid in.</summary>
    public static SandboxToken TokenOf(string provider) =>
        provider == Alpine ? SandboxAssets.Dct : SandboxAssets.CkUsdt;

    /// <summary>The account a provider is paid to.</summary>
    public static string AccountOf(string provider) =>
        new IcrcAccount(Ed25519Identity.FromSeed(SHA256.HashData(Encoding.UTF8.GetBytes(provider))).Sender).ToString();

    /// <summary>Id of a contract.</summary>
    public string Id(PlannedContract contract) => Id(contract.Number);

    /// <summary>Plays the day.</summary>
    public async Task PlayAsync(CancellationToken cancellationToken)
    {
        Began = await world.NowAsync(cancellationToken);
        var serviceStart = RoundUpToHour(Began + TimeSpan.FromHours(3));
        await FundAsync(cancellationToken);
        await RegisterAsync(serviceStart, cancellationToken);
        await PayInTimeAsync(cancellationToken);
        await RedeliverAsync(cancellationToken);

        progress("Contract 5 is paid after its deadline");
        await world.WalkToAsync(Began + TimeSpan.FromMinutes(100), cancellationToken);
        await PayAsync(5, null, cancellationToken);
        await world.SettleAsync(cancellationToken);

        progress("The clock is walked to the middle of the service, hour by hour");
        await world.WalkToAsync(serviceStart + (Service / 2), cancellationToken);
        progress("Contract 4 is cancelled; what is not earned goes back");
        await world.Marketplace.PostAsync(
            $"/api/v1/contracts/{Id(4)}/cancel", new JsonObject { ["reason"] = "The renter stops early." },
            Key("cancel-4"), cancellationToken);
        await world.SettleAsync(cancellationToken);
        await PayOutAsync(Alpine, "noon", cancellationToken);
        await RedeliverAsync(cancellationToken);

        progress("The clock is walked to the end of the service");
        await world.WalkToAsync(serviceStart + Service + TimeSpan.FromHours(1), cancellationToken);
        await PayOutAsync(Alpine, "evening", cancellationToken);
        await PayOutAsync(Boreal, "evening", cancellationToken);
        await RedeliverAsync(cancellationToken);
    }

    private async Task FundAsync(CancellationToken cancellationToken)
    {
        progress("The treasury is filled: tokens arrive on chain and are accepted as capital");
        await world.SettleAsync(cancellationToken);
        foreach (var (token, whole) in new[] { (SandboxAssets.Dct, 10_000), (SandboxAssets.CkUsdt, 2_000) })
        {
            var units = whole * BigInteger.Pow(10, token.Decimals);
            if (!(await DepositsAsync(token, cancellationToken)).Any())
            {
                await world.Replica.MintAsync(token.Canister, world.Wallet, units, cancellationToken);
            }

            await AcceptAsync(token, cancellationToken);
        }
    }

    private async Task AcceptAsync(SandboxToken token, CancellationToken cancellationToken)
    {
        for (var look = 0; look < 60; look++)
        {
            // The watcher sees a block at its next look, which may be a little ahead in business time.
            await world.WalkToAsync(
                await world.NowAsync(cancellationToken) + TimeSpan.FromSeconds(10), cancellationToken);
            if ((await DepositsAsync(token, cancellationToken)).FirstOrDefault() is { } deposit)
            {
                await world.Treasurer.PostAsync(
                    $"/api/v1/treasury/deposits/{token.Code}/{deposit.Text("block")}/accept",
                    new JsonObject { ["reason"] = "Working capital of the platform." },
                    Key($"accept-{token.Code}"),
                    cancellationToken);
                return;
            }
        }

        throw new DemoException($"The deposit of {token.Code} was not seen.");
    }

    private async Task<IEnumerable<JsonNode>> DepositsAsync(SandboxToken token, CancellationToken cancellationToken) =>
        (await world.Treasurer.GetAsync("/api/v1/treasury/deposits?state=unrecognised", cancellationToken))
        .Items()
        .Where(d => d.Text("asset") == token.Code);

    private async Task RegisterAsync(DateTimeOffset serviceStart, CancellationToken cancellationToken)
    {
        progress(
            "Two providers say where they want to be paid; six contracts are registered and their payments started");
        foreach (var provider in new[] { Alpine, Boreal })
        {
            await world.Marketplace.PutAsync(
                $"/api/v1/providers/{provider}/payout-account",
                new JsonObject { ["asset"] = TokenOf(provider).Code, ["account"] = AccountOf(provider) },
                cancellationToken);
        }

        foreach (var contract in Contracts)
        {
            var minutes = contract.Resolution == "late" ? 90 : 170;
            var deadline = Began + TimeSpan.FromMinutes(minutes);
            var renter = $"renter-{contract.Number}";
            await world.Marketplace.PostAsync(
                "/api/v1/contracts",
                new JsonObject
                {
                    ["id"] = Id(contract),
                    ["providerId"] = contract.Provider,
                    ["renterId"] = renter,
                    ["price"] = Dollars(contract.Dollars),
                    ["serviceStart"] = serviceStart.ToString("O"),
                    ["serviceEnd"] = (serviceStart + Service).ToString("O"),
                    ["paymentDeadline"] = deadline.ToString("O"),
                    ["refundAccount"] = contract.Rail == "icpay" ? AccountOf(renter) : null,
                },
                Key($"contract-{contract.Number}"),
                cancellationToken);
            var order = new JsonObject { ["contractId"] = Id(contract), ["rail"] = contract.Rail };
            if (contract.Token is not null)
            {
                order["token"] = contract.Token;
            }

            var payment = await world.Marketplace.PostAsync(
                "/api/v1/payments", order, Key($"payment-{contract.Number}"), cancellationToken);
            _payments[contract.Number] = await OpenedAsync(payment, cancellationToken);
        }
    }

    // When the rail's answer was lost the payment stays "starting" until it is looked up.
    private async Task<JsonNode> OpenedAsync(JsonNode payment, CancellationToken cancellationToken)
    {
        for (var look = 0; payment.TextOrNull("providerReference") is null && look < 60; look++)
        {
            await world.WalkToAsync(
                await world.NowAsync(cancellationToken) + TimeSpan.FromSeconds(5), cancellationToken);
            payment = await world.Marketplace.GetAsync($"/api/v1/payments/{payment.Text("id")}", cancellationToken);
        }

        return payment;
    }

    private async Task PayInTimeAsync(CancellationToken cancellationToken)
    {
        progress("Five renters pay; one of them too little, one webhook is delivered twice");
        foreach (var number in new[] { 1, 2, 4, 6 })
        {
            await PayAsync(number, null, cancellationToken);
        }

        var asked = _payments[3].Number("expected.amount");
        await PayAsync(3, asked - (asked / 10), cancellationToken);
        await world.SettleAsync(cancellationToken);
        var paid = await world.Marketplace.GetAsync($"/api/v1/payments/{_payments[6].Text("id")}", cancellationToken);
        await world.ICPay.PostAsync(
            "/control/redeliver",
            new JsonObject
            {
                ["times"] = 1,
                ["seed"] = options.Seed,
                ["subject"] = paid.TextOrNull("paymentReference"),
            },
            null,
            cancellationToken);
        await world.SettleAsync(cancellationToken);
    }

    private Task PayAsync(int number, BigInteger? units, CancellationToken cancellationToken)
    {
        var reference = _payments[number].Text("providerReference");
        if (Contracts[number - 1].Rail == "stripe")
        {
            return world.Stripe.PostAsync(
                $"/control/sessions/{reference}/pay", new JsonObject(), null, cancellationToken);
        }

        var order = new JsonObject();
        if (units is { } given)
        {
            order["paidUnits"] = given.ToString(CultureInfo.InvariantCulture);
        }

        return world.ICPay.PostAsync($"/control/intents/{reference}/pay", order, null, cancellationToken);
    }

    private async Task PayOutAsync(string provider, string when, CancellationToken cancellationToken)
    {
        progress($"{provider} is paid ({when}): drafted by the treasurer, approved by somebody else, sent on chain");
        var draft = await world.Treasurer.PostAsync(
            "/api/v1/payouts",
            new JsonObject
            {
                ["providerId"] = provider,
                ["currency"] = SandboxAssets.Fiat,
                ["asset"] = TokenOf(provider).Code,
            },
            Key($"payout-{provider}-{when}"),
            cancellationToken);
        var id = draft.Text("id");
        Payouts.Add(id);
        await world.Approver.PostAsync(
            $"/api/v1/payouts/{id}/approve", new JsonObject { ["note"] = "Checked against the releases." },
            Key($"approve-{id}"), cancellationToken);
        for (var look = 0; look < 90; look++)
        {
            await world.SettleAsync(cancellationToken);
            var detail = await world.Treasurer.GetAsync($"/api/v1/payouts/{id}", cancellationToken);
            var state = detail.Text("payout.state");
            if (state == "confirmed")
            {
                return;
            }

            if (state is "refused" or "cancelled")
            {
                throw new DemoException($"The payout of {provider} was {state}.");
            }

            await world.WalkToAsync(
                await world.NowAsync(cancellationToken) + TimeSpan.FromSeconds(20), cancellationToken);
        }

        var stuck = await world.Treasurer.GetAsync($"/api/v1/payouts/{id}", cancellationToken);
        throw new DemoException($"The payout of {provider} was not confirmed: {stuck.ToJsonString()}");
    }

    private async Task RedeliverAsync(CancellationToken cancellationToken)
    {
        if (options.Redeliveries > 0)
        {
            var sent = await world.RedeliverAsync(options.Redeliveries, options.Seed, cancellationToken);
            progress(
                $"Every webhook so far was delivered {options.Redeliveries} more times in random order "
                + $"({sent} deliveries)");
        }
    }

    private string Id(int number) => $"{options.Name}-{number}";

    private string Key(string step) => $"{options.Name}-{step}";

    private static JsonObject Dollars(int dollars) => new()
    {
        ["amount"] = ((long)dollars * 1_000_000_000).ToString(CultureInfo.InvariantCulture),
        ["asset"] = SandboxAssets.Fiat,
    };

    private static DateTimeOffset RoundUpToHour(DateTimeOffset at) =>
        new(((at.UtcTicks + TimeSpan.TicksPerHour - 1) / TimeSpan.TicksPerHour) * TimeSpan.TicksPerHour, TimeSpan.Zero);
}

/// <summary>How a day is played.</summary>
/// <param name="Name">Prefix of contract ids and keys.</param>
/// <param name="Redeliveries">How often every webhook is delivered again, at several moments; 0 for never.</param>
/// <param name="Seed">Decides the order of redeliveries.</param>
internal sealed record DemoOptions(string Name, int Redeliveries, int Seed);
