using Decent.Candid;
using Decent.Canister.Client;

namespace Decent.Payments.Transfers;

/// <summary>Where money may never be sent.</summary>
internal static class DestinationRules
{
    /// <summary>Why nothing is paid to this account, in words; null when it may be paid.</summary>
    /// <param name="ledger">The token.</param>
    /// <param name="account">Who would be paid.</param>
    /// <param name="minting">The ledger's minting account, where it was asked for.</param>
    public static string? Forbids(TokenLedger ledger, IcrcAccount account, IcrcAccount? minting = null)
    {
        if (account.Owner.Equals(Principal.Anonymous))
        {
            return "The anonymous principal belongs to everybody.";
        }

        if (account.Owner.Equals(Principal.ManagementCanister))
        {
            return "The management canister holds no money.";
        }

        if (account.Owner.Equals(ledger.Asset.LedgerCanister))
        {
            return "The ledger canister itself cannot give money back.";
        }

        if (account.Owner.Equals(ledger.Wallet.Owner))
        {
            return "This is an account of the platform itself.";
        }

        return account.Equals(minting)
            ? "A payment to the minting account destroys the money."
            : null;
    }
}
