using System.Globalization;
using Decent.Candid;
using Decent.Canister.Client;
using Decent.Ledger;
using Decent.Payments.Commands;
using Decent.Payments.Payees;
using Decent.Payments.Payouts;
using Decent.Payments.Reconciliation;
using Decent.Payments.Transfers;
using Decent.Payments.Treasury;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Decent.Payments;

public static partial class PaymentsModule
{
    /// <summary>
    /// What goes out. Needs <see cref="IAgent" />, <see cref="AssetRegistry" />, the books, the oracle, a data source, a
    /// clock, ids and a fault probe from the host.
    /// </summary>
    static partial void AddOut(IServiceCollection services, IConfiguration configuration)
    {
        var options = OutOptions.Read(configuration);
        services.TryAddSingleton(new MachineClock(TimeProvider.System));
        services.AddSingleton(options.Transfers);
        services.AddSingleton(options.Payouts);
        services.AddSingleton(options.Treasury);
        services.AddSingleton(options.Reconciliation);
        services.AddSingleton<ITokenLedgers>(provider => options.Ledgers(
            provider.GetRequiredService<IAgent>(), provider.GetRequiredService<AssetRegistry>()));
        AddOutServices(services);
    }

    /// <summary>The services themselves; settings and ledgers are registered by the caller.</summary>
    internal static void AddOutServices(IServiceCollection services)
    {
        services.AddSingleton<IFindings, Findings>();
        services.AddSingleton<IPayees, PayeeAccounts>();
        services.AddSingleton<TransferStore>();
        services.AddSingleton<ITransfers, TransferBook>();
        services.AddSingleton<IUncommittedEntries, UncommittedEntries>();
        services.AddSingleton<TransferSettlement>();
        services.AddSingleton<TransferSender>();
        services.AddSingleton<TransferResolver>();
        services.AddSingleton<IDueWork, TransferWorker>();
        services.AddSingleton<PayoutStore>();
        services.AddSingleton<IPayouts, PayoutDesk>();
        services.AddSingleton<ITransferOwner, PayoutTransferOwner>();
        services.AddSingleton<IDueWork, PayoutPreparation>();
        services.AddSingleton<WalletStore>();
        services.AddSingleton<WalletComparison>();
        services.AddSingleton<ITreasury, TreasuryDesk>();
        services.AddSingleton<DepositWatcher>();
        services.AddSingleton<IDueWork>(static provider => provider.GetRequiredService<DepositWatcher>());
        services.AddSingleton<ReconciliationFacts>();
        services.AddSingleton<BooksChecks>();
        services.AddSingleton<RailChecks>();
        services.AddSingleton<ReconciliationRunner>();
        services.AddSingleton<IReconciliation>(
            static provider => provider.GetRequiredService<ReconciliationRunner>());
        services.AddSingleton<IDueWork, ReconciliationWork>();
    }
}

/// <summary>Settings of what goes out, read once at start; a wrong one names itself.</summary>
internal sealed record OutOptions(
    TransferOptions Transfers,
    PayoutOptions Payouts,
    TreasuryOptions Treasury,
    ReconciliationOptions Reconciliation,
    IReadOnlyList<TokenSetting> Tokens)
{
    /// <summary>Reads <c>Payments</c>, <c>Providers:ICPay</c> and <c>Assets</c>.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing or unreadable.</exception>
    public static OutOptions Read(IConfiguration configuration)
    {
        var enabled = Flag(configuration, "Payments:PayoutsEnabled");
        var relays = new List<(Principal, string)>();
        if (configuration["Providers:ICPay:CollectingPrincipal"] is { Length: > 0 } collecting)
        {
            relays.Add((PrincipalOf("Providers:ICPay:CollectingPrincipal", collecting), "icpay"));
        }

        return new OutOptions(
            TransferRules(configuration, enabled),
            new PayoutOptions
            {
                Enabled = enabled,
                MinimumUnits = enabled ? Units(configuration, "Payments:MinimumPayoutUnits") : 0,
            },
            new TreasuryOptions { Relays = relays },
            new ReconciliationOptions(),
            [.. configuration.GetSection("Assets").GetChildren().Select(TokenSetting.Read).OfType<TokenSetting>()]);
    }

    private static TransferOptions TransferRules(IConfiguration configuration, bool enabled)
    {
        var house = new TransferOptions();
        var options = house with
        {
            PayoutsEnabled = enabled,
            CallBudget = Span(configuration, "Payments:TransferCallBudget", house.CallBudget),
            Lease = Span(configuration, "Payments:TransferLease", house.Lease),
        };
        return options.Lease > options.CallBudget
            ? options
            : throw new InvalidOperationException("Payments:TransferLease must be longer than Payments:TransferCallBudget.");
    }

    /// <summary>The tokens with clients of their ledgers; our account is the agent's own.</summary>
    public TokenLedgers Ledgers(IAgent agent, AssetRegistry assets) => new(Tokens.Select(token =>
    {
        var asset = assets.Get(token.Code);
        var canister = asset.LedgerCanister
            ?? throw new InvalidOperationException($"Assets: {token.Code} has no ledger canister.");
        return new TokenLedger(
            asset,
            token.FeeUnits,
            LedgerClients.Create(agent, canister, token.Profile),
            new IcrcAccount(agent.Sender));
    }));

    private static Int128 Units(IConfiguration configuration, string key) =>
        Int128.TryParse(configuration[key], NumberStyles.None, CultureInfo.InvariantCulture, out var units)
            ? units
            : throw new InvalidOperationException($"{key} must be a count of smallest units.");

    private static bool Flag(IConfiguration configuration, string key) => configuration[key] switch
    {
        null or "" => false,
        var text when bool.TryParse(text, out var flag) => flag,
        _ => throw new InvalidOperationException($"{key} must be true or false."),
    };

    private static TimeSpan Span(IConfiguration configuration, string key, TimeSpan otherwise) => configuration[key] switch
    {
        null or "" => otherwise,
        var text when TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && span > TimeSpan.Zero => span,
        _ => throw new InvalidOperationException($"{key} must be a length of time above zero, such as 00:01:00."),
    };

    private static Principal PrincipalOf(string key, string text) => Principal.TryParse(text, out var principal)
        ? principal!
        : throw new InvalidOperationException($"{key} is no principal.");
}

/// <summary>A token of the installation as configured.</summary>
internal sealed record TokenSetting(string Code, Int128 FeeUnits, LedgerProfile Profile)
{
    /// <summary>Reads one element of <c>Assets</c>; null for a currency.</summary>
    public static TokenSetting? Read(IConfigurationSection section)
    {
        if (!string.Equals(section["Kind"], nameof(AssetKind.Token), StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var code = section["Code"] ?? throw new InvalidOperationException($"{section.Path}:Code is missing.");
        var profile = LedgerProfile.ByName.TryGetValue(section["Profile"] ?? "", out var found)
            ? found
            : throw new InvalidOperationException($"{section.Path}:Profile must be icrc, icp or platform.");
        var fee = Int128.TryParse(section["FeeUnits"], NumberStyles.None, CultureInfo.InvariantCulture, out var units)
            ? units
            : throw new InvalidOperationException($"{section.Path}:FeeUnits must be a count of smallest units.");
        return new TokenSetting(code, fee, profile);
    }
}
