using Decent.Candid;

namespace Decent.Canister.Client;

/// <summary>Makes the client that belongs to a ledger's profile.</summary>
public static class LedgerClients
{
    /// <summary>The client of one ledger.</summary>
    /// <param name="agent">Asks the canister.</param>
    /// <param name="canister">The ledger canister.</param>
    /// <param name="profile">How the ledger behaves.</param>
    public static ILedgerClient Create(IAgent agent, Principal canister, LedgerProfile profile)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(canister);
        ArgumentNullException.ThrowIfNull(profile);
        return profile.Blocks switch
        {
            BlockApi.Icrc3 => new IcrcLedgerClient(agent, canister, profile),
            BlockApi.QueryBlocks => new IcpLedgerClient(agent, canister, profile),
            BlockApi.LedgerEntries => new PlatformLedgerClient(agent, canister, profile),
            _ => throw new ArgumentOutOfRangeException(nameof(profile), profile.Blocks, "Unknown block interface."),
        };
    }
}
