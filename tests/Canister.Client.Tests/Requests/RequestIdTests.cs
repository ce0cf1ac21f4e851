using Decent.Candid;

namespace Decent.Canister.Client.Tests.Requests;

public sealed class RequestIdTests
{
    [Fact]
    public void The_hash_of_a_map_is_the_published_one()
    {
        foreach (var item in Json.File("request-ids.json").Items("hash_of_map"))
        {
            var map = Json.Map(item.GetProperty("content").GetProperty("map"));
            Assert.Equal(
                (item.Text("id"), item.Text("hash")),
                (item.Text("id"), Convert.ToHexStringLower(RepresentationIndependentHash.Of(map))));
        }
    }

    [Fact]
    public void Numbers_are_written_in_the_shortest_LEB128()
    {
        var leb = Json.File("request-ids.json").GetProperty("leb128");
        foreach (var item in leb.Items("unsigned"))
        {
            var number = Json.Number(item.GetProperty("nat"));
            Assert.Equal(item.Text("uleb128"), Convert.ToHexStringLower(Leb128.EncodeUnsigned(number)));
            if (number <= ulong.MaxValue)
            {
                Assert.Equal(number, Leb128.DecodeUInt64(item.Hex("uleb128")));
            }

            Assert.Equal(
                item.Text("sha256"),
                Convert.ToHexStringLower(RepresentationIndependentHash.Of(new HashableValue.Nat(number))));
        }

        foreach (var item in leb.Items("signed"))
        {
            var number = Json.Number(item.GetProperty("int"));
            Assert.Equal(item.Text("sleb128"), Convert.ToHexStringLower(Leb128.EncodeSigned(number)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("0000")]
    [InlineData("ffffffffffffffffff02")]
    [InlineData("8080808080808080808001")]
    public void A_number_that_is_truncated_padded_with_more_or_too_large_is_refused(string hex) =>
        Assert.Throws<FormatException>(() => Leb128.DecodeUInt64(Convert.FromHexString(hex)));

    [Fact]
    public void The_largest_64_bit_number_is_read()
    {
        Assert.Equal(ulong.MaxValue, Leb128.DecodeUInt64(Convert.FromHexString("ffffffffffffffffff01")));
        Assert.Equal(5UL, Leb128.DecodeUInt64(Convert.FromHexString("8580808080808080808000")));
    }

    [Fact]
    public void An_id_is_written_as_0x_and_lower_case_hex_and_read_back()
    {
        var bytes = Enumerable.Range(0, 32).Select(i => (byte)(i * 7)).ToArray();
        var id = new RequestId(bytes);
        Assert.Equal("0x" + Convert.ToHexStringLower(bytes), id.ToString());
        Assert.Equal(id, RequestId.Parse(id.ToString()));
        Assert.Equal(bytes, id.ToArray());
        Assert.Throws<FormatException>(() => RequestId.Parse("0x00"));
    }

    [Fact]
    public void The_signed_envelopes_are_read_and_their_signatures_hold()
    {
        foreach (var item in Json.File("request-ids.json").Items("signed_envelopes"))
        {
            var envelope = RequestEnvelope.Parse(item.Hex("envelope_cbor"));
            Assert.Equal(item.Text("request_id"), envelope.Content.Id.ToString()[2..]);
            Assert.Equal(item.Text("signed_message"), Convert.ToHexStringLower(envelope.SignedMessage()));
            Assert.Equal(item.GetProperty("sender").Text("text"), envelope.Content.Sender.ToText());
            Assert.Null(envelope.FindSignatureFault(1_770_000_000_000_000_000));
        }
    }

    [Fact]
    public void The_signed_envelopes_are_written_with_the_same_id_and_signature()
    {
        foreach (var item in Json.File("request-ids.json").Items("signed_envelopes"))
        {
            if (item.GetProperty("signer").Text("kind") != "ed25519" || item.TryGetProperty("delegations", out _))
            {
                continue;
            }

            var stored = RequestEnvelope.Parse(item.Hex("envelope_cbor"));
            var identity = Ed25519Identity.FromSeed(item.GetProperty("signer").Hex("secret"));
            var signed = RequestEnvelope.Sign(stored.Content, identity);
            Assert.Equal(item.Text("signature"), Convert.ToHexStringLower(signed.Signature.Span));
            Assert.Equal(item.Text("envelope_cbor").Length, signed.ToCbor().Length * 2);
            Assert.Equal(stored.Content.Id, RequestEnvelope.Parse(signed.ToCbor()).Content.Id);
        }
    }

    [Fact]
    public void A_delegated_envelope_is_refused_when_the_delegation_has_expired_or_was_changed()
    {
        var item = Json.File("request-ids.json").Items("signed_envelopes")
            .Single(e => e.Text("id") == "ed25519-delegated-to-ed25519");
        var envelope = RequestEnvelope.Parse(item.Hex("envelope_cbor"));
        var link = Assert.Single(envelope.Delegations);
        Assert.Equal(
            item.Items("delegations").Single().Text("signed_message"),
            Convert.ToHexStringLower(link.SignedMessage()));
        Assert.Equal("A delegation has expired.", envelope.FindSignatureFault(link.ExpirationNs + 1));
        var changed = envelope with { Delegations = [link with { ExpirationNs = link.ExpirationNs + 1 }] };
        Assert.Equal("The signature of a delegation is not valid.", changed.FindSignatureFault(0));
        var dropped = envelope with { Delegations = [] };
        Assert.Equal("The signature of the request is not valid.", dropped.FindSignatureFault(0));
    }

    [Fact]
    public void A_changed_content_is_another_request_and_its_signature_does_not_hold()
    {
        var identity = Ed25519Identity.FromSeed(new byte[32]);
        var canister = Principal.FromText("ryjl3-tyaaa-aaaaa-aaaba-cai");
        var one = Content([1]);
        var two = Content([2]);
        Assert.NotEqual(one.Id, two.Id);
        var forged = RequestEnvelope.Sign(one, identity) with { Content = two };
        Assert.Equal("The signature of the request is not valid.", forged.FindSignatureFault(0));
        Assert.Throws<ArgumentException>(() => RequestEnvelope.Sign(one, AnonymousIdentity.Instance));

        RequestContent Content(byte[] arg) => RequestContent.ForMethod(
            RequestKind.Call, identity.Sender, canister, "m", arg, 17, nonce: new byte[] { 9 });
    }

    [Fact]
    public void An_envelope_for_another_sender_unsigned_or_anonymous_with_a_key_is_refused()
    {
        var identity = Ed25519Identity.FromSeed(new byte[32]);
        var canister = Principal.FromText("ryjl3-tyaaa-aaaaa-aaaba-cai");
        var content = RequestContent.ForMethod(
            RequestKind.Call, identity.Sender, canister, "m", default, 17, nonce: null);
        var signed = RequestEnvelope.Sign(content, identity);
        var other = Ed25519Identity.FromSeed(Enumerable.Repeat((byte)1, 32).ToArray());
        Assert.NotNull((signed with { SenderPublicKeyDer = other.PublicKeyDer }).FindSignatureFault(0));
        Assert.NotNull((signed with { Signature = default }).FindSignatureFault(0));
        var anonymous = RequestEnvelope.Sign(
            RequestContent.ForMethod(RequestKind.Query, Principal.Anonymous, canister, "m", default, 17, null),
            AnonymousIdentity.Instance);
        Assert.Null(anonymous.FindSignatureFault(0));
        Assert.NotNull((anonymous with { SenderPublicKeyDer = identity.PublicKeyDer }).FindSignatureFault(0));
        Assert.DoesNotContain("sender_sig", System.Text.Encoding.Latin1.GetString(anonymous.ToCbor()));
    }

    [Fact]
    public void A_read_of_the_state_keeps_its_paths()
    {
        var identity = Ed25519Identity.FromSeed(new byte[32]);
        StatePath[] paths = [StatePath.Time, StatePath.RequestStatus(new RequestId(new byte[32])), new StatePath([])];
        var envelope = RequestEnvelope.Parse(
            RequestEnvelope.Sign(RequestContent.ForReadState(identity.Sender, paths, 17), identity).ToCbor());
        Assert.Equal(RequestKind.ReadState, envelope.Content.Kind);
        Assert.Equal(paths, envelope.Content.Paths);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("d9d9f7a0", "no content")]
    [InlineData("d9d9f7a167636f6e74656e74a0", "empty content")]
    [InlineData("d9d9f7a167636f6e74656e7480", "content is a list")]
    [InlineData("d9d9f7ff", "break")]
    [InlineData("d9d9f7a167636f6e74656e74a16c726571756573745f7479706564666f6f6f", "unknown type")]
    [InlineData("d9d9f7a267636f6e74656e74a067636f6e74656e74a0", "duplicate key")]
    public void Bytes_that_are_no_envelope_are_refused_with_a_reason(string hex, string why) =>
        Assert.NotEmpty(Assert.Throws<RequestFormatException>(
            () => RequestEnvelope.Parse(Convert.FromHexString(hex))).Message + why);

    [Fact]
    public void Every_truncation_of_an_envelope_is_refused()
    {
        var identity = Ed25519Identity.FromSeed(new byte[32]);
        var bytes = RequestEnvelope.Sign(
            RequestContent.ForReadState(identity.Sender, [StatePath.Time], 17), identity).ToCbor();
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<RequestFormatException>(() => RequestEnvelope.Parse(bytes.AsMemory(0, length)));
        }

        Assert.Throws<RequestFormatException>(() => RequestEnvelope.Parse((byte[])[.. bytes, 0]));
    }
}
