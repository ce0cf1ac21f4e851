using System.Text.Json;
using Decent.Candid;
using Decent.Canister.Client;
using Leb128 = Decent.Canister.Client.Leb128;

namespace Decent.Architecture.Tests.Conformance;

/// <summary>Request ids, signed envelopes, answers of nodes, and accounts.</summary>
internal static class RequestVectors
{
    private const ulong NowNs = 1_770_000_000_000_000_000;

    public static void Run(ConformanceRun report)
    {
        const string file = "request-ids.json";
        report.Each(file, "hash_of_map", static one => Assert.Equal(
            one.Text("hash"),
            Vector.Hex(RepresentationIndependentHash.Of(
                Vector.Map(one.GetProperty("content").GetProperty("map"))))));
        var leb = Vector.File(file).GetProperty("leb128");
        report.Each(file, "leb128: unsigned", Numbered(leb, "unsigned"), static one => Number(
            one, "uleb128", Leb128.EncodeUnsigned(Vector.Number(one.GetProperty("nat"))), "nat"));
        report.Each(file, "leb128: signed", Numbered(leb, "signed"), static one => Number(
            one, "sleb128", Leb128.EncodeSigned(Vector.Number(one.GetProperty("int"))), "int"));
        report.Each(file, "signed_envelopes", Envelope);
        report.Each(file, "query_responses", QueryResponse);
        Accounts(report);
    }

    private static IEnumerable<(string Name, JsonElement Case)> Numbered(JsonElement leb, string section) =>
        leb.Items(section).Select(static (one, i) => ($"item {i}", one));

    private static void Number(JsonElement one, string name, byte[] encoded, string kind)
    {
        Assert.Equal(one.Text(name), Vector.Hex(encoded));
        var number = Vector.Number(one.GetProperty(kind));
        Assert.Equal(one.Text("sha256"), Vector.Hex(RepresentationIndependentHash.Of(
            kind == "nat" ? new HashableValue.Nat(number) : new HashableValue.Int(number))));
    }

    private static void Envelope(JsonElement one)
    {
        var envelope = RequestEnvelope.Parse(one.Hex("envelope_cbor"));
        Assert.Equal(one.Text("request_id"), envelope.Content.Id.ToString()[2..]);
        Assert.Equal(one.Text("signed_message"), Vector.Hex(envelope.SignedMessage()));
        Assert.Equal(one.GetProperty("sender").Text("text"), envelope.Content.Sender.ToText());
        Assert.Null(envelope.FindSignatureFault(NowNs));
        Assert.Equal(one.Text("request_id"), RequestEnvelope.Parse(envelope.ToCbor()).Content.Id.ToString()[2..]);
    }

    private static void QueryResponse(JsonElement one)
    {
        var fields = AnswerCbor.Read(one.Hex("response_cbor"));
        var id = RequestId.Of(Vector.Map(one.GetProperty("query_content").GetProperty("map")));
        Assert.Equal(one.Text("request_id"), id.ToString()[2..]);
        var signature = Assert.Single(fields.Signatures);
        Assert.Equal(one.Text("node_id"), signature.Node.ToText());
        var message = fields.Status == "replied"
            ? NodeSignature.MessageForReply(id, fields.Reply!.Value, signature.TimestampNs)
            : NodeSignature.MessageForRejection(
                id, fields.RejectCode!.Value, fields.RejectMessage!, fields.ErrorCode, signature.TimestampNs);
        Assert.Equal(
            one.Text("expect") == "accept",
            PublicKeys.Verify(one.Hex("node_public_key_der"), message, signature.Signature.Span));
    }

    private static void Accounts(ConformanceRun report)
    {
        const string file = "accounts.json";
        report.Each(file, "accounts", static one =>
        {
            var account = Account(one);
            Assert.Equal(one.Text("text"), account.ToString());
            Assert.Equal(account, IcrcAccount.Parse(one.Text("text")));
            Assert.Equal(one.Text("icp_account_identifier"), IcpAccountIdentifier.Of(account).ToString());
        });
        report.Each(file, "invalid_account_texts", static one =>
            Assert.Throws<AccountFormatException>(() => IcrcAccount.Parse(one.Text("text"))));
        report.Each(file, "icp_account_identifiers", static one =>
            Assert.Equal(one.Text("account_identifier"), IcpAccountIdentifier.Of(Account(one)).ToString()));
        report.Each(file, "valid_icp_account_identifiers", static one =>
            Assert.Equal(one.Text("text"), IcpAccountIdentifier.Parse(one.Text("text")).ToString()));
        report.Each(file, "invalid_icp_account_identifiers", static one =>
            Assert.Throws<AccountFormatException>(() => IcpAccountIdentifier.Parse(one.Text("text"))));
        report.Each(file, "subaccount_of_principal", static one => Assert.Equal(
            one.Text("subaccount_hex"),
            Vector.Hex(IcrcAccount.SubaccountOf(Principal.FromText(one.Text("principal"))).Span)));
    }

    private static IcrcAccount Account(JsonElement one) => new(
        Principal.FromText(one.Text("owner")),
        one.TextOrNull("subaccount_hex") is { } hex ? (ReadOnlyMemory<byte>?)Convert.FromHexString(hex) : null);
}
